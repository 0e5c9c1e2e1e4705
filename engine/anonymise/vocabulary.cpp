// The word lists behind IsPlanWord and IsMessageWord, and the packages whose classes are public.
#include "anonymise/vocabulary.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

#include "spark/settings.h"
#include "support/text.h"

namespace advise::anonymise {
namespace {

constexpr std::string_view kPlanWords =
    // operators
    "AdaptiveSparkPlan AppendData AQEShuffleRead ArrowEvalPython BatchEvalPython BatchScan BroadcastExchange "
    "BroadcastHashJoin BroadcastNestedLoopJoin BroadcastQueryStage CartesianProduct CoalesceExec Coalesce "
    "CollectLimit CollectMetrics ColumnarToRow CommandResult CustomShuffleReader DeserializeToObject Exchange Execute "
    "Expand FileScan FileSourceScan Filter FlatMapGroupsInPandas Generate GlobalLimit HashAggregate HiveTableScan "
    "InMemoryRelation InMemoryTableScan InputAdapter LocalLimit LocalTableScan MapElements MapInPandas MapPartitions "
    "ObjectHashAggregate OverwriteByExpression Project Range ReusedExchange ReusedSubquery RowToColumnar Sample Scan "
    "SerializeFromObject ShuffledHashJoin ShuffleQueryStage ResultQueryStage Sort SortAggregate SortMergeJoin "
    "StateStoreRestore StateStoreSave EventTimeWatermark Subquery SubqueryBroadcast SubqueryAdaptiveBroadcast "
    "TableCacheQueryStage "
    "TakeOrderedAndProject Union WholeStageCodegen Window WindowGroupLimit WriteFiles WriteToDataSourceV2 "
    "WriteToContinuousDataSource MicroBatchScan OneRowRelation ExistingRDD RDD PythonUDF ScalaUDF DataWritingCommand "
    "InsertIntoHadoopFsRelationCommand CreateViewCommand CreateDataSourceTableAsSelectCommand "
    "CreateDataSourceTableCommand SaveIntoDataSourceCommand InsertIntoHiveTable AnalyzeTableCommand CacheTableCommand "
    "DropTableCommand SetCommand ShowTablesCommand CreateTableCommand ReplaceTableAsSelect CreateTableAsSelect "
    "InMemoryFileIndex CatalogFileIndex PrunedInMemoryFileIndex PreparedDeltaFileIndex TahoeLogFileIndex "
    // parts of plan texts
    "keys functions orderBy output limit isFinalPlan true false null args batch Batched DataFilters Format Location "
    "PartitionFilters PushedFilters PushedAggregates PushedGroupBy ReadSchema SelectedBucketsCount RuntimeFilters "
    "paths "
    "path plan id AS as AND OR NOT IN LIKE CASE WHEN THEN ELSE END ASC DESC NULLS FIRST LAST NULL DISTINCT FILTER "
    "Inner LeftOuter RightOuter FullOuter LeftSemi LeftAnti Cross ExistenceJoin BuildLeft BuildRight left right "
    "isSkew skew coalesced local none hashpartitioning rangepartitioning SinglePartition RoundRobinPartitioning "
    "UnknownPartitioning IdentityBroadcastMode HashedRelationBroadcastMode ENSURE_REQUIREMENTS REPARTITION_BY_NUM "
    "REPARTITION_BY_COL REBALANCE_PARTITIONS_BY_NONE REBALANCE_PARTITIONS_BY_COL REQUIRED_BY_STATEFUL_OPERATOR plan_id "
    "Statistics "
    "sizeInBytes rowCount specifiedwindowframe RowFrame RangeFrame unboundedpreceding$ unboundedfollowing$ currentrow$ "
    "unboundedpreceding unboundedfollowing currentrow windowspecdefinition StorageLevel disk memory deserialized "
    "replicas replicated Once Some None Map List Set Array ArrayBuffer WrappedArray partial final merge complete "
    "Final Partial Initial Current Plan input value lambdafunction lambda namedlambdavariable outer scalar subquery "
    "dynamicpruning dynamicpruningexpression "
    "runtime bloom unknown default spark_catalog Arguments Condition Keys Functions Aggregate Attributes Results "
    "Result "
    "Output Input Left Right Join type condition Physical codegen Subqueries Hosting operator "
    // pushed filters
    "IsNotNull IsNull EqualTo EqualNullSafe GreaterThan GreaterThanOrEqual LessThan LessThanOrEqual In Not And Or "
    "StringStartsWith StringEndsWith StringContains AlwaysTrue AlwaysFalse "
    // formats
    "parquet orc json csv text avro hive delta iceberg jdbc kafka image binaryFile hudi JDBCRelation jdbcrelation "
    "Parquet ORC JSON CSV Text Avro Hive Delta rate socket console memory noop "
    // types
    "struct array map string int integer bigint long smallint short tinyint byte double float decimal boolean binary "
    "date timestamp timestamp_ntz timestamp_ltz interval varchar char void object udt IntegerType LongType StringType "
    "DoubleType FloatType DecimalType BooleanType DateType TimestampType BinaryType StructType ArrayType MapType "
    "StructField "
    // functions
    "abs aggregate any approx_count_distinct array_contains array_distinct array_join array_max array_min array_sort "
    "assertnotnull atleastnnonnulls avg base64 bround cast ceil ceiling check_overflow checkoverflow coalesce "
    "collect_list collect_set "
    "concat concat_ws contains conv corr cos count countdistinct covar_pop current_date current_timestamp date_add "
    "date_format date_sub date_trunc datediff day dayofmonth dayofweek dayofyear decode dense_rank element_at encode "
    "endswith exists exp explode explode_outer filter first first_value flatten floor format_number from_json "
    "from_unixtime from_utc_timestamp get_json_object getcolumnbyordinal greatest grouping grouping_id hash hour if "
    "ifnull initcap "
    "inline instr invoke isnan isnotnull isnull json_tuple knownnotnull knownfloatingpointnormalized lag last last_day "
    "lead least "
    "length levenshtein like ln locate log lower lpad ltrim makedecimal map_keys map_values mapobjects max md5 mean "
    "min "
    "minute mod monotonically_increasing_id month months_between named_struct nanvl newinstance next_day "
    "normalizenanandzero "
    "nvl ntile percent_rank percentile percentile_approx pmod posexplode pow power promote_precision promoteprecision "
    "quarter rand randn rank "
    "regexp_extract regexp_replace repeat replace reverse rint rlike round row_number rpad rtrim second sequence sha1 "
    "sha2 shiftleft shiftright sign sin size slice sort_array soundex spark_partition_id split sqrt stack startswith "
    "staticinvoke stddev stddev_pop stddev_samp str_to_map substr substring sum tan to_date to_json to_timestamp "
    "to_utc_timestamp "
    "toprettystring transform translate trim trunc try_cast unbase64 unhex unix_timestamp unscaledvalue unwrap upper "
    "uuid var_pop var_samp variance weekofyear when window xxhash64 year zip_with decodeusingserializer "
    "encodeusingserializer "
    "externalrdd might_contain bloom_filter_agg xpath cume_dist nth_value input_file_name monotonically struct_to_json "
    "partial_sum "
    "partial_count partial_avg partial_min partial_max partial_first partial_collect_list partial_collect_set "
    "merge_sum merge_count finalmerge_sum finalmerge_count";

constexpr std::string_view kMessageWords =
    "a aborted about above abnormal abnormally address after again all allocate allocated allocation already an and "
    "another any api app application as at "
    "attempt attempts available backend batch be because been before beyond block blocks boosting broadcast build "
    "bytes by "
    "call called can canceled cancelled cannot cant caused cause check checkpoint class client closed cluster collect "
    "command "
    "commit committed complete completed config configured connect connection consider container containers context "
    "corrupt could crashed data dead decommissioned decommission delete denied did different direct disabling disk "
    "disk-space dispatch does driver due during dying "
    "down during either empty enough error errors event eventlog exceed exceeded exceeding exceeds exception "
    "executable "
    "execute executed "
    "executing execution executor executors exhausted exist exists exit exited exitcode expected expired expiration "
    "external "
    "fail failed failing fails failure failures fatal fetch fetching fetchfailed file files finished for forced "
    "format found from full garbage gave gc gpu graceful greater group had has have heap heartbeat heartbeats host id "
    "idle if in "
    "increase index inputs instance instances internal interrupted into invalid is it its java job jvm jobs kernel key "
    "kill killed "
    "killing large larger last launch launched length likely limit limits limits. listener location longer loss lost "
    "ls manager map master max "
    "maximum memory memoryoverhead merge message metadata minimum missing ms most native negative network new no node "
    "nodes nomore "
    "non-zero not nothing null number object occurred of off offheap older on once one only open operation or os other "
    "out output over overhead own "
    "page parameter part partition partitions peer permission physical pod poll possible preempted preemption previous "
    "process processes python query queue "
    "rather read reader reading reason received recent record records registered release released remote removed "
    "repeatedly replica replied request requested "
    "required reset reserved resource resources restarted result results retries retry retried return row rows rpc run "
    "running runtime "
    "schema sending serialization serialized serializing server service session set shared shuffle shuffles shutdown "
    "shut side signal sigkill sigterm "
    "since size slow small smaller so socket some source space spark speculative spill spilling split stack stage "
    "stages start started starting state "
    "status still stop stopped stopping storage stream subtask succeeded such support system table target task tasks "
    "tearing terminated terminating than that the their them "
    "then there this thread threads threshold time timed timeout times to token too total tried try trying type unable "
    "unavailable under unexpected unhealthy unified unit unknown unreachable unreliable until up usage "
    "use used user using value version virtual vmem wait waiting was were when which while with within without "
    "worker workers write writer writing written yarn zero kubernetes k8s mesos standalone standard stdout stderr code "
    "codes core cores cpu cpus "
    "gb kb mb tb gib kib mib b s min h gigabytes seconds second minutes minute bigger fit join joins side sides "
    "futures future "
    "oomkilled oom outofmemory splitandretry spotinstance spot reclaimed node-manager nodemanager blacklisted excluded "
    "excludelist "
    "requirement requirements division arithmetic overflow ansi cast index bounds argument arguments illegal "
    "unsupported operationexception udf lambda evaluation "
    "consumer producer offset offsets topic leader unregistered unregister disassociated disassociation succeeding "
    "sparkcontext scheduler pending never";

// What metrics of plan nodes are named with, besides the words of messages: Spark's own, of Databricks, EMR, Dataproc,
// RAPIDS and Python workers, as the corpus has them.
constexpr std::string_view kMetricWords =
    "agg aggregate aggregated aggregation are automatically avg backoff batches bucket buffer cache cached changes "
    "chunks cloud coalesced columnar combine concat count current decode deletion deserialization device dropped "
    "duration dynamic estimated fallback fetched filesystem filter footer frames fs gcs groups hadoop hash heuristic "
    "high hit hits initialize input io iters keys later list load local low med merged metastore miss misses num op "
    "operations operators parquet pass passthrough peak per pre prepared probe probes provider pruning range reads "
    "readvectored relative remove repaired repeated reqs response returned rs sampled scan scatter segment sent single "
    "skewed snapshot snapshots sort sorting spilled splits states static store stores tree unique update updated "
    "values vector vectored watermark";

// Methods of RDDs, Datasets, streams and of Spark's own threads, as they show in the short form of a call site.
constexpr std::string_view kMethods =
    "agg aggregate aggregateByKey apply approxQuantile attachTree broadcast cache call cartesian checkpoint coalesce "
    "cogroup collect collectAsList collectAsMap collectToPython combineByKey count countApprox countApproxDistinct "
    "countByKey countByValue crossJoin csv cube describe distinct doExecute execute executeCollect executePlan "
    "executeTake explain explode filter first flatMap fold foldByKey foreach foreachBatch foreachPartition format "
    "getNumPartitions getRows glom groupBy groupByKey head histogram insertInto intersection isEmpty javaToPython join "
    "json jdbc keyBy leftOuterJoin limit load localCheckpoint main makeRDD map mapPartitions mapPartitionsInternal "
    "mapPartitionsWithIndex mapValues max mean merge min mkdirs newAPIHadoopFile newAPIHadoopRDD orc orderBy "
    "parallelize parquet partitionBy persist pipe pivot post processBatch rdd read reduce reduceByKey "
    "reduceByKeyLocally "
    "repartition resolveRelation rollup run runJob sample sampleByKey save saveAsHadoopDataset saveAsHadoopFile "
    "saveAsNewAPIHadoopDataset saveAsNewAPIHadoopFile saveAsObjectFile saveAsSequenceFile saveAsTable saveAsTextFile "
    "select sequenceFile show showString slice sort sortBy sortByKey sql start stats submit subtract sum summary table "
    "tail take takeAsList takeOrdered takeSample text textFile toDF toLocalIterator toPandas top treeAggregate "
    "treeReduce union unpersist withScope withThreadLocalCaptured write writeStream writeTo zip zipPartitions "
    "zipWithIndex zipWithUniqueId";

constexpr std::string_view kExceptions =
    // the JDK and Scala
    "AbstractMethodError ArithmeticException ArrayIndexOutOfBoundsException ArrayStoreException AssertionError "
    "BindException BufferOverflowException BufferUnderflowException ClassCastException ClassNotFoundException "
    "ClosedByInterruptException ClosedChannelException CloneNotSupportedException CompletionException "
    "ConcurrentModificationException ConnectException DateTimeException DateTimeParseException EOFException Error "
    "Exception ExceptionInInitializerError ExecutionException FileAlreadyExistsException FileNotFoundException "
    "IOException IllegalAccessError IllegalAccessException IllegalArgumentException IllegalMonitorStateException "
    "IllegalStateException IncompatibleClassChangeError IndexOutOfBoundsException InstantiationException InternalError "
    "InterruptedException InterruptedIOException InvalidClassException InvocationTargetException LinkageError "
    "MalformedURLException MatchError NegativeArraySizeException NoClassDefFoundError NoRouteToHostException "
    "NoSuchElementException NoSuchFieldError NoSuchMethodError NoSuchMethodException NotSerializableException "
    "NullPointerException NumberFormatException OptionalDataException OutOfMemoryError ParseException "
    "ProviderNotFoundException RejectedExecutionException RuntimeException SQLException SQLTimeoutException "
    "SecurityException SocketException SocketTimeoutException StackOverflowError StreamCorruptedException "
    "StringIndexOutOfBoundsException TimeoutException UncheckedIOException UndeclaredThrowableException "
    "UnknownHostException UnsatisfiedLinkError UnsupportedClassVersionError UnsupportedEncodingException "
    "UnsupportedOperationException URISyntaxException VerifyError VirtualMachineError ZipException "
    // Python
    "ArrowInvalid ArrowTypeError AttributeError BrokenPipeError ConnectionError ConnectionRefusedError "
    "ConnectionResetError FileExistsError FileNotFoundError ImportError IndentationError IndexError IOError KeyError "
    "KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotImplementedError OSError OverflowError "
    "PermissionError PicklingError RecursionError RuntimeError StopIteration SyntaxError SystemError SystemExit "
    "TabError "
    "TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError ValueError ZeroDivisionError "
    "Py4JError Py4JJavaError Py4JNetworkError PySparkRuntimeError PySparkTypeError PySparkValueError PythonException "
    // Spark, Hadoop, Hive, Parquet, the clouds, accelerators
    "AccessControlException AlreadyExistsException AmazonClientException AmazonS3Exception AnalysisException "
    "BlockMissingException CheckpointException CommitDeniedException CommitFailedException ConcurrentAppendException "
    "CudaException CudaFatalException CudfException DeltaAnalysisException DiskErrorException ExecutorDeadException "
    "FSError FetchFailedException GoogleJsonResponseException GpuOOM GpuRetryOOM GpuSplitAndRetryOOM HiveException "
    "InvalidInputException JsonParseException KryoException LeaseExpiredException MetadataFetchFailedException "
    "MetaException NoSuchBucketException NoSuchNamespaceException NoSuchTableException ParquetDecodingException "
    "PathIOException QueryExecutionException RemoteException RpcEndpointNotFoundException RpcTimeoutException "
    "SafeModeException SchemaColumnConvertNotSupportedException SdkClientException ShuffleBlockFetcherException "
    "SparkArithmeticException SparkArrayIndexOutOfBoundsException SparkClassNotFoundException SparkDateTimeException "
    "SparkException SparkFileNotFoundException SparkIllegalArgumentException SparkNoSuchElementException "
    "SparkNumberFormatException SparkOutOfMemoryError SparkRuntimeException SparkSecurityException "
    "SparkUnsupportedOperationException SparkUpgradeException StreamingQueryException TaskCompletionListenerException "
    "TaskKilledException TaskNotSerializableException TreeNodeException "
    // ends of tasks
    "ExceptionFailure ExecutorLostFailure FetchFailed Resubmitted TaskCommitDenied TaskKilled TaskResultLost "
    "UnknownReason";

constexpr std::string_view kAttributeNames =
    "stdout stderr gpu fpga HTTP_SCHEME NM_HOST NM_PORT NM_HTTP_PORT NM_HTTP_ADDRESS CLUSTER_ID CONTAINER_ID USER "
    "LOG_FILES YARN_LOG_SERVER_URL";

constexpr std::string_view kVersionWords =
    "snapshot preview rc alpha beta amzn emr databricks dataproc gke cdh cdp cdpd hdp hdinsight mapr scala photon ml "
    "gpu "
    "cpu x lts aarch release final build dbr esr r v";

constexpr std::string_view kSchemes =
    "file local hdfs viewfs webhdfs swebhdfs har s3 s3a s3n gs wasb wasbs abfs abfss adl dbfs oss obs cosn swift "
    "maprfs "
    "alluxio jdbc http https ftp sftp kafka delta iceberg hive spark k8s mesos yarn";

// Keys below these are documented by their makers; in those below kPrivateKeys stand names of buckets and accounts.
constexpr std::array<std::string_view, 17> kPublicKeys = {"spark.databricks.",
                                                          "spark.rapids.",
                                                          "spark.comet.",
                                                          "spark.gluten.",
                                                          "spark.emr.",
                                                          "spark.dataproc.",
                                                          "spark.blacklist.",
                                                          "spark.hadoop.hive.",
                                                          "spark.hadoop.yarn.",
                                                          "spark.hadoop.mapred.",
                                                          "spark.hadoop.parquet.",
                                                          "spark.hadoop.mapreduce.",
                                                          "spark.hadoop.fs.s3a.",
                                                          "spark.hadoop.fs.s3.",
                                                          "spark.hadoop.fs.gs.",
                                                          "spark.hadoop.fs.abfs.",
                                                          "spark.hadoop.fs.azure."};
constexpr std::array<std::string_view, 3> kPrivateKeys = {
    "spark.hadoop.fs.s3a.bucket.", "spark.hadoop.fs.azure.account.", "spark.hadoop.fs.azure.sas."};
constexpr std::array<std::string_view, 6> kPlainKeys = {"spark.app.id",         "spark.app.name", "spark.app.startTime",
                                                        "spark.app.submitTime", "spark.home",     "spark.master"};

std::unordered_set<std::string_view> Split(std::string_view words) {
  std::unordered_set<std::string_view> set;
  while (!words.empty()) {
    const std::size_t end = words.find(' ');
    if (const std::string_view word = words.substr(0, end); !word.empty()) set.insert(word);
    words = end == std::string_view::npos ? std::string_view() : words.substr(end + 1);
  }
  return set;
}

constexpr std::array<std::string_view, 22> kPublicPackages = {
    "java.",         "javax.",         "jdk.",           "sun.",
    "scala.",        "kotlin.",        "org.apache.",    "org.postgresql.",
    "org.codehaus.", "org.json4s.",    "org.rocksdb.",   "org.xerial.",
    "io.netty.",     "io.delta.",      "io.fabric8.",    "com.databricks.",
    "com.nvidia.",   "com.amazonaws.", "com.fasterxml.", "com.esotericsoftware.",
    "ai.rapids.",    "py4j."};

}  // namespace

bool IsPlanWord(std::string_view word) {
  static const std::unordered_set<std::string_view> words = Split(kPlanWords);
  if (words.contains(word)) return true;
  // Operators of accelerators: GpuProject, PhotonSort, CometFilter.
  for (const std::string_view prefix : {"Gpu", "Photon", "Comet", "Velox"}) {
    if (word.starts_with(prefix) && words.contains(word.substr(prefix.size()))) return true;
  }
  return false;
}

bool IsMessageWord(std::string_view word) {
  static const std::unordered_set<std::string_view> words = Split(kMessageWords);
  return words.contains(Lower(word));
}

bool IsExceptionName(std::string_view name) {
  static const std::unordered_set<std::string_view> names = Split(kExceptions);
  return names.contains(name);
}

bool IsMetricWord(std::string_view word) {
  static const std::unordered_set<std::string_view> words = Split(kMetricWords);
  return words.contains(Lower(word)) || IsMessageWord(word);
}

bool IsCallSiteMethod(std::string_view method) {
  static const std::unordered_set<std::string_view> words = Split(kMethods);
  // Of a closure inside a method: "$anonfun$withThreadLocalCaptured$1".
  constexpr std::string_view kClosure = "$anonfun$";
  if (method.starts_with(kClosure)) {
    method.remove_prefix(kClosure.size());
    method = method.substr(0, method.find('$'));
  }
  return words.contains(method);
}

bool IsRddClass(std::string_view name) {
  constexpr std::array<std::string_view, 24> kClasses = {"BlockRDD",
                                                         "CartesianRDD",
                                                         "CheckpointRDD",
                                                         "CoGroupedRDD",
                                                         "CoalescedRDD",
                                                         "DataSourceRDD",
                                                         "FileScanRDD",
                                                         "HadoopRDD",
                                                         "JDBCRDD",
                                                         "JdbcRDD",
                                                         "MapPartitionsRDD",
                                                         "MapPartitionsWithIndexRDD",
                                                         "NewHadoopRDD",
                                                         "ParallelCollectionRDD",
                                                         "PartitionPruningRDD",
                                                         "PythonRDD",
                                                         "ReliableCheckpointRDD",
                                                         "SQLExecutionRDD",
                                                         "ShuffledRDD",
                                                         "ShuffledRowRDD",
                                                         "SubtractedRDD",
                                                         "UnionRDD",
                                                         "ZippedPartitionsRDD2",
                                                         "ZippedWithIndexRDD"};
  return std::ranges::find(kClasses, name) != kClasses.end();
}

bool IsAttributeName(std::string_view name) {
  static const std::unordered_set<std::string_view> words = Split(kAttributeNames);
  return words.contains(name);
}

bool IsVersionWord(std::string_view word) {
  static const std::unordered_set<std::string_view> words = Split(kVersionWords);
  return words.contains(Lower(word));
}

bool IsScheme(std::string_view scheme) {
  static const std::unordered_set<std::string_view> words = Split(kSchemes);
  return words.contains(scheme);
}

bool IsPublicSetting(std::string_view key) {
  const auto below = [key](std::string_view prefix) { return key.starts_with(prefix); };
  if (spark::FindSetting(key) != nullptr || std::ranges::find(kPlainKeys, key) != kPlainKeys.end()) return true;
  return std::ranges::any_of(kPublicKeys, below) && std::ranges::none_of(kPrivateKeys, below);
}

bool IsPublicClass(std::string_view dotted) {
  return std::ranges::any_of(kPublicPackages, [&](std::string_view package) { return dotted.starts_with(package); });
}

}  // namespace advise::anonymise
