// The catalogue of settings as the rule leg sees it (rules/bind/settings.h declares what it needs).
#pragma once

#include "rules/bind/settings.h"

namespace advise::recommend {

const rules::SettingsCatalogue& SparkSettings();

}  // namespace advise::recommend
