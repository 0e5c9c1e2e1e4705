// The ledger as attributes. Private to derive/.
#pragma once

#include "model/job_model.h"

namespace advise::model::ledger {

// App.wall_*, Stage.wall_*, Stage.recoverable, Gap.account … from model.ledger, which must be known.
void FillColumns(JobModel& model);

}  // namespace advise::model::ledger
