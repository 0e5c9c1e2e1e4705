// Words that name nothing of a user: Spark's operators, functions and types, and what its messages are made of.
#pragma once

#include <string_view>

namespace advise::anonymise {

// Of plan texts, as Spark writes them: operators, functions, types, keywords.
bool IsPlanWord(std::string_view word);
// Of messages about failures and removed executors, in any letter case.
bool IsMessageWord(std::string_view word);
// A class or package that is published with Spark, the JDK or a vendor: "org.apache.spark…", "java.lang…".
bool IsPublicClass(std::string_view dotted);

}  // namespace advise::anonymise
