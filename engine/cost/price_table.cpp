// Reads a table of prices. What it does not know it refuses: a misspelt key would be a price of zero.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>

#include "cost/prices.h"
#include "support/quoted.h"
#include "support/read_file.h"

namespace advise::cost {
namespace {

// What is wrong, and where; thrown inside this file only.
struct Wrong {
  YAML::Mark mark;
  std::string what;
};

class TableReader {
 public:
  static Prices Read(const YAML::Node& root) {
    if (!root.IsMap()) throw Wrong{root.Mark(), "is no table of prices"};
    Keys(root, {"currency", "billing", "rates", "nodes", "storage", "valid_from", "source"});
    Prices prices;
    prices.currency = Text(root, "currency");
    prices.source = Text(root, "source");
    prices.valid_from = root["valid_from"] ? Text(root, "valid_from") : "";
    const YAML::Node billing = root["billing"];
    if (!billing || !billing.IsMap()) throw Wrong{root.Mark(), "has no `billing` with a `model`"};
    Keys(billing, {"model", "granularity_s", "minimum_s"});
    const std::string model = Text(billing, "model");
    bool known = false;
    for (const Billing way : {Billing::PerExecutor, Billing::PerNode, Billing::FixedCluster}) {
      if (model != Word(way)) continue;
      prices.billing = way;
      known = true;
    }
    if (!known)
      throw Wrong{billing["model"].Mark(), "has no model " + Quoted(model) +
                                               ": per_executor, per_node and fixed_cluster are"};
    prices.granularity_s = Number(billing, "granularity_s", 1);
    prices.minimum_s = Number(billing, "minimum_s", 0);
    if (const YAML::Node rates = root["rates"]) {
      Keys(rates, {"vcpu_hour", "gib_hour"});
      prices.vcpu_hour = Number(rates, "vcpu_hour", 0);
      prices.gib_hour = Number(rates, "gib_hour", 0);
    }
    if (const YAML::Node storage = root["storage"]) {
      Keys(storage, {"shuffle_gib_hour"});
      prices.shuffle_gib_hour = Number(storage, "shuffle_gib_hour", 0);
    }
    for (const YAML::Node& node : root["nodes"]) prices.nodes.push_back(Node(node));
    if (prices.billing == Billing::PerExecutor && prices.vcpu_hour + prices.gib_hour <= 0)
      throw Wrong{billing.Mark(), "bills per executor and has no rate above 0"};
    if (prices.billing == Billing::PerNode && prices.nodes.empty())
      throw Wrong{billing.Mark(), "bills per node and names none"};
    return prices;
  }

 private:
  static NodeType Node(const YAML::Node& node) {
    if (!node.IsMap()) throw Wrong{node.Mark(), "has a node that is no map"};
    Keys(node, {"name", "vcpu", "memory_gib", "allocatable_memory_gib", "hour", "spot"});
    NodeType type;
    type.name = Text(node, "name");
    type.vcpu = Number(node, "vcpu", 0);
    type.memory_gib = Number(node, "allocatable_memory_gib", Number(node, "memory_gib", 0));
    type.hour = Number(node, "hour", 0);
    if (type.vcpu <= 0 || type.memory_gib <= 0) throw Wrong{node.Mark(), "has a node without vcpu or memory_gib"};
    if (const YAML::Node spot = node["spot"]) {
      Keys(spot, {"hour", "interruption_per_hour", "rework"});
      Spot rate;
      rate.hour = Number(spot, "hour", 0);
      rate.interruptions = Number(spot, "interruption_per_hour", 0);
      const std::string rework = spot["rework"] ? Text(spot, "rework") : "lineage";
      if (rework != "lineage" && rework != "external_shuffle")
        throw Wrong{spot["rework"].Mark(), "has rework " + Quoted(rework) + ": lineage and external_shuffle are"};
      rate.outputs_survive = rework == "external_shuffle";
      type.spot = rate;
    }
    if (type.hour <= 0 && !type.spot) throw Wrong{node.Mark(), "has a node without a price an hour"};
    return type;
  }

  static void Keys(const YAML::Node& map, const std::vector<std::string_view>& known) {
    if (!map.IsMap()) throw Wrong{map.Mark(), "has a value where keys belong"};
    for (const auto& entry : map) {
      const auto key = entry.first.as<std::string>();
      if (std::ranges::find(known, key) == known.end()) throw Wrong{entry.first.Mark(), "has no key " + Quoted(key)};
    }
  }

  static std::string Text(const YAML::Node& map, const char* key) {
    if (!map[key] || !map[key].IsScalar() || map[key].Scalar().empty())
      throw Wrong{map.Mark(), "lacks " + Quoted(key)};
    return map[key].Scalar();
  }

  static double Number(const YAML::Node& map, const char* key, double otherwise) {
    const YAML::Node node = map[key];
    if (!node) return otherwise;
    double value = 0;
    if (!YAML::convert<double>::decode(node, value) || !std::isfinite(value) || value < 0)
      throw Wrong{node.Mark(), "has no number from 0 on for " + Quoted(key)};
    return value;
  }
};

}  // namespace

Result<Prices> ParsePrices(const std::string& text, const std::string& name) {
  const auto fail = [&](const YAML::Mark& mark, const std::string& what) {
    const std::string line = mark.is_null() ? "" : ":" + std::to_string(mark.line + 1);
    return Fail(DiagnosticCode::Usage, "the table of prices " + Quoted(name + line) + " " + what,
                "`advise prices` prints an example to start from");
  };
  try {
    return TableReader::Read(YAML::Load(text));
  } catch (const Wrong& wrong) {
    return fail(wrong.mark, wrong.what);
  } catch (const YAML::Exception& error) {
    return fail(error.mark, "is no YAML: " + error.msg);
  }
}

Result<Prices> ReadPrices(const std::string& path) {
  constexpr std::uint64_t kLargest = 1 << 20;
  const SmallFile file = ReadSmallFile(path, {}, kLargest);
  if (file.text) return ParsePrices(*file.text, path);
  return Fail(DiagnosticCode::Usage, "the table of prices " + Quoted(path) + " " + file.why,
              "`advise prices` prints an example to start from");
}

std::string_view ExamplePrices() {
  return R"(# Prices for `advise --prices FILE` and `advise whatif --prices FILE`. advise fetches nothing: edit what is here.
# The figures are one provider's list prices, as an example; your contract decides.
currency: USD
valid_from: 2026-03-18
source: "Alibaba Cloud EMR Serverless Spark, pay as you go, US (Virginia): 0.053801 USD an hour for 1 core with up to 4 GiB"
billing:
  # per_executor   vcpu_hour and gib_hour of each executor and of the driver, while they are there
  # per_node       the nodes that hold the executors; money changes in steps of a node
  # fixed_cluster  the cluster is paid for anyway: changes release core-hours, and no money
  model: per_executor
  granularity_s: 1
  minimum_s: 60
rates:
  vcpu_hour: 0.053801
  gib_hour: 0
# For per_node: the first node that holds an executor is taken. The prices are not filled in.
# nodes:
#   - name: large
#     vcpu: 16
#     memory_gib: 64
#     allocatable_memory_gib: 57.6
#     hour: 0.80
#     spot: {hour: 0.30, interruption_per_hour: 0.03, rework: lineage}   # or external_shuffle
# storage: {shuffle_gib_hour: 0.0001}
)";
}

}  // namespace advise::cost
