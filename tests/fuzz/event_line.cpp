// libFuzzer: lines from anywhere into the whole log leg: decoder, builder, derive steps, and the JSON of the model.
// Looks for crashes, for memory that grows without input, and for a model that cannot be written.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <sstream>
#include <string>

#include "export/model_writer.h"
#include "ingest/event_decoder.h"
#include "model/job_model_builder.h"

namespace {

using namespace advise;

void Apply(const ingest::EventBatch& batch, model::JobModelBuilder& builder) {
  for (const ingest::EventBatch::Ref& ref : batch.order) {
    switch (ref.slot) {
      case ingest::EventSlot::TaskStart: builder.On(batch.task_starts[ref.index]); break;
      case ingest::EventSlot::TaskEnd:
        builder.On(batch.task_ends[ref.index], batch.updates, batch.executor_metrics, batch.named);
        break;
      case ingest::EventSlot::Other:
        std::visit([&builder](const auto& event) { builder.On(event); }, batch.others[ref.index]);
        break;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Limits limits;
  ingest::EventDecoder decoder(limits, ingest::Detail::Rest);
  ingest::EventBatch batch;
  // Exactly the padding that is promised: reads beyond it are seen.
  const std::unique_ptr<char[]> text(new char[size + ingest::kLinePadding]);
  std::memcpy(text.get(), data, size);
  std::memset(text.get() + size, 0, ingest::kLinePadding);
  std::size_t at = 0;
  std::uint64_t number = 0;
  while (at < size) {
    const void* end = std::memchr(text.get() + at, '\n', size - at);
    const std::size_t stop =
        end == nullptr ? size : static_cast<std::size_t>(static_cast<const char*>(end) - text.get());
    decoder.Decode({text.get() + at, stop - at}, ++number, end == nullptr, batch);
    at = stop + 1;
  }
  model::JobModelBuilder builder(limits);
  Apply(batch, builder);
  const model::JobModel model = builder.Build();
  std::ostringstream out;
  exports::WriteModelJson({model, model::LogInfo(), std::nullopt, ""}, out);
  return 0;
}
