// Words that name nothing of a user: Spark's operators, functions and types, and what its messages are made of.
#pragma once

#include <string_view>

namespace advise::anonymise {

// Of plan texts, as Spark writes them: operators, functions, types, keywords.
bool IsPlanWord(std::string_view word);
// Of messages about failures and removed executors, in any letter case.
bool IsMessageWord(std::string_view word);
// The short name of an exception or of the way in which a task ended, as the JDK, Python, Spark and Hadoop name them.
bool IsExceptionName(std::string_view name);
// Of the names of plan metrics.
bool IsMetricWord(std::string_view word);
// A method that shows in call sites: "collect", "$anonfun$withThreadLocalCaptured$1".
bool IsCallSiteMethod(std::string_view method);
// A class of RDDs as Spark names its own: "MapPartitionsRDD".
bool IsRddClass(std::string_view name);
// Names of log files, executor attributes and resources that Spark and YARN give: "stdout", "NM_HOST", "gpu".
bool IsAttributeName(std::string_view name);
// Of version texts: "amzn", "SNAPSHOT", "scala2".
bool IsVersionWord(std::string_view word);
// A setting's key that Spark or a vendor documents. Of keys of Hadoop and of others that is not known.
bool IsPublicSetting(std::string_view key);
// The scheme of a path: "hdfs", "s3a".
bool IsScheme(std::string_view scheme);
// A class or package that is published with Spark, the JDK or a vendor: "org.apache.spark…", "java.lang…".
bool IsPublicClass(std::string_view dotted);

}  // namespace advise::anonymise
