// What a run costs in money: a table of prices that the user edits, in one of three ways to bill, and the bill for
// executors that come and go. Nothing is fetched and nothing is guessed: without a table there is no money.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/job_model.h"
#include "support/result.h"

namespace advise::cost {

enum class Billing : std::uint8_t {
  PerExecutor,   // vCPU and memory of each executor, while it is there (serverless)
  PerNode,       // nodes that hold the executors: money changes in steps of a node
  FixedCluster,  // paid for as it stands: changes release capacity, and no money
};
std::string_view Word(Billing billing);

// A node that may be taken back: `interruptions` an hour, after which lost work runs again.
struct Spot {
  double hour = 0;  // money
  double interruptions = 0;
  bool outputs_survive = false;  // rework: external_shuffle; else what its tasks wrote is lost, too (lineage)
};
struct NodeType {
  std::string name;
  double vcpu = 0;
  double memory_gib = 0;  // for executors
  double hour = 0;        // money
  std::optional<Spot> spot;
};
struct Prices {
  std::string currency;
  Billing billing = Billing::PerExecutor;
  double granularity_s = 1;  // time is billed in units of this
  double minimum_s = 0;      // and at least this
  double vcpu_hour = 0;      // money; of PerExecutor
  double gib_hour = 0;
  std::vector<NodeType> nodes;  // of PerNode: the first that holds an executor is taken
  double shuffle_gib_hour = 0;  // for shuffle files, from the start to the end of the run
  std::string valid_from;
  std::string source;  // where the prices come from, in the user's words
};

// The table in a YAML file. Errors (usage): the file cannot be read, a key that is not known, a number below 0, no
// currency, no source, a way to bill without its prices. Each names the line.
Result<Prices> ReadPrices(const std::string& path);
Result<Prices> ParsePrices(const std::string& text, const std::string& name);
// A whole table with comments and its source: where an own one begins.
std::string_view ExamplePrices();

// What a container takes; nullopt: the log does not say how large executors are.
struct Container {
  double cores = 1;
  double memory_gib = 0;  // heap, overhead, off-heap, Python
  double driver_cores = 1;
  double driver_memory_gib = 0;
};
// `heap` (bytes) and `cores` of an executor in place of what the run had.
std::optional<Container> ContainerOf(const model::JobModel& model, std::optional<double> heap = std::nullopt,
                                     std::optional<double> cores = std::nullopt);

// Executors that are there from … to (ms), so many of them alike.
struct Lifetime {
  double from = 0;
  double to = 0;
  double count = 1;
};
struct Usage {
  std::vector<Lifetime> executors;
  double duration = 0;       // ms
  double shuffle_bytes = 0;  // written
};

// What the usage costs. nullopt: no node of the table holds such an executor, or the cluster is paid for as it stands.
std::optional<double> BillFor(const Prices& prices, const Container& container, const Usage& usage);
// Cores x hours that executors hold: what a cluster that is paid for anyway has less for others.
double CoreHours(const Container& container, const Usage& usage);

// "1.23 USD", "0.0041 USD": three digits that count.
std::string FormatMoney(double amount, const std::string& currency);

}  // namespace advise::cost
