// The parts of the ledger's accounts as data.
#include "model/ledger.h"

namespace advise::model {

const LedgerPartInfo& InfoOf(LedgerPart part) {
  static constexpr LedgerPartInfo kInfos[] = {
#define ADVISE_PART_INFO(part, account, text, doc) {Account::account, text, doc},
      ADVISE_LEDGER_PARTS(ADVISE_PART_INFO)
#undef ADVISE_PART_INFO
  };
  return kInfos[static_cast<std::size_t>(part)];
}

}  // namespace advise::model
