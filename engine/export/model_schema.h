// The JSON Schema of `advise model --format json`, made from the catalogue. Kept as writers/model.schema.json for
// users; a unit test compares the two (ADVISE_UPDATE_GOLDEN=1 rewrites the file).
#pragma once

#include <ostream>

namespace advise::exports {

void WriteModelSchema(std::ostream& out);

}  // namespace advise::exports
