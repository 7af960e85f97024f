using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Tracking;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Experiments.Listing;

namespace NoisyNN.Tests.Experiments.Tracking;

/// <summary>What a run sends to an MLflow server, without a training.</summary>
[TestClass]
public sealed class MlflowLogTests
{
    static readonly TinyExperiment s_experiment = new();

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    sealed class Notes : IRunObserver
    {
        public List<string> Lines { get; } = [];

        public int Reports { get; private set; }

        public void Note(string line) => Lines.Add(line);

        public void Planned(IReadOnlyList<string> trainings) { }

        public void Training(string run, TrainingMetrics metrics) => Reports++;
    }

    static TrainingMetrics Epoch(int epoch, double accuracy, bool isEnd = true) =>
        new()
        {
            Epoch = epoch,
            EpochCount = 3,
            Step = epoch,
            StepCount = 3,
            EpochCompleted = isEnd,
            Loss = 1.0 / epoch,
            LearningRate = 0.001,
            ImagesPerSecond = 100,
            ValidationAccuracy = accuracy,
            ElapsedSeconds = epoch,
            RemainingSeconds = 3 - epoch,
        };

    static MlflowServer Server(Uri address) => new(address, "my experiment", null);

    /// <summary>What a run of two epochs tells the log.</summary>
    static Notes Run(Uri address, string name, bool isComplete = true, CancellationToken cancellation = default)
    {
        var notes = new Notes();
        var file = ExperimentFile.Load(s_experiment.Declaration, [$"name={name}"]);
        using var folder = RunFolder.Open(s_experiment.Runs, file, resume: false);
        using var log = new MlflowLog(Server(address), file, folder, notes, cancellation);
        log.Note("training vanilla");
        log.Training("vanilla", Epoch(1, 0.5, isEnd: false));
        log.Training("vanilla", Epoch(1, 0.5));
        log.Training("vanilla", Epoch(2, double.NaN));
        if (isComplete)
            log.Complete(WrittenRun.Summary(name, 0.75, DateTimeOffset.UnixEpoch), folder);
        return notes;
    }

    [TestMethod]
    public void Every_call_fits_the_description_of_the_API_and_the_run_is_finished()
    {
        using var server = new MlflowTestServer();

        var notes = Run(server.Address, "whole");

        Assert.AreEqual("", string.Join("; ", server.Mistakes));
        Assert.AreSequenceEqual(["training vanilla"], notes.Lines, "nothing to complain of");
        Assert.AreEqual(3, notes.Reports);
        Assert.AreEqual("my experiment", (string)server.Bodies("experiments/create").Single()["name"]!);
        Assert.AreEqual("whole", (string)server.Bodies("runs/create").Single()["run_name"]!);
        Assert.AreEqual("7", (string)server.Bodies("runs/create").Single()["experiment_id"]!);
        Assert.AreEqual("FINISHED", (string)server.Bodies("runs/update").Single()["status"]!);
        Assert.IsTrue(server.Bodies("runs/log-batch").All(body => (string)body["run_id"]! == "abc"));
    }

    [TestMethod]
    public void Settings_are_parameters_epochs_are_steps_and_artifacts_are_named()
    {
        using var server = new MlflowTestServer();

        Run(server.Address, "figures");

        var logged = server.Bodies("runs/log-batch").ToList();
        var parameters = logged
            .SelectMany(body => body["params"]?.AsArray() ?? [])
            .ToDictionary(entry => (string)entry!["key"]!, entry => (string)entry!["value"]!);
        Assert.AreEqual("3", parameters["training.epochs"]);
        Assert.AreEqual("circular-shift", parameters["noise.latent.family"]);

        var metrics = logged
            .SelectMany(body => body["metrics"]?.AsArray() ?? [])
            .Select(metric => ((string)metric!["key"]!, (long)metric["step"]!, (double)metric["value"]!))
            .ToList();
        CollectionAssert.Contains(metrics, ("vanilla/loss", 1L, 1.0));
        CollectionAssert.Contains(metrics, ("vanilla/loss", 2L, 0.5));
        CollectionAssert.Contains(metrics, ("vanilla/validation_accuracy", 1L, 0.5));
        CollectionAssert.Contains(metrics, ("vanilla/test_accuracy", 0L, 0.75));
        Assert.HasCount(1, metrics.Where(metric => metric.Item1 == "vanilla/validation_accuracy"), "NaN is no value");

        var tags = logged
            .SelectMany(body => body["tags"]?.AsArray() ?? [])
            .ToDictionary(entry => (string)entry!["key"]!, entry => (string)entry!["value"]!);
        Assert.AreEqual(new string('a', 64), tags["noisynn.data.sha256"]);
        Assert.AreEqual("experiment.yaml", tags["noisynn.artifacts"]);
    }

    [TestMethod]
    public void A_second_run_joins_the_experiment_that_there_is()
    {
        using var server = new MlflowTestServer();

        Run(server.Address, "first");
        Run(server.Address, "second");

        Assert.HasCount(1, server.Bodies("experiments/create"));
        Assert.HasCount(2, server.Bodies("runs/create"));
    }

    [TestMethod]
    [DataRow(false, "FAILED")]
    [DataRow(true, "KILLED")]
    public void A_run_that_does_not_end_well_says_so_there(bool isInterrupted, string status)
    {
        using var server = new MlflowTestServer();

        Run(server.Address, "broken", isComplete: false, new CancellationToken(isInterrupted));

        Assert.AreEqual(status, (string)server.Bodies("runs/update").Single()["status"]!);
    }

    [TestMethod]
    [DataRow("experiments/get-by-name")]
    [DataRow("runs/create")]
    [DataRow("runs/log-batch")]
    [DataRow("runs/update")]
    public void A_server_that_fails_is_told_once_and_the_run_goes_on(string call)
    {
        using var server = new MlflowTestServer(asked => asked == call ? 500 : 200);

        var notes = Run(server.Address, "failing");

        var told = notes.Lines.Where(line => line != "training vanilla").ToList();
        Assert.HasCount(1, told);
        StringAssert.Contains(told[0], $"it answers 500 to /api/2.0/mlflow/{call}");
        Assert.AreEqual(3, notes.Reports, "the display hears of all the training");
    }

    [TestMethod]
    public void A_server_that_is_not_there_is_told_once()
    {
        Uri gone;
        using (var server = new MlflowTestServer())
            gone = server.Address;

        var told = Run(gone, "absent").Lines.Where(line => line != "training vanilla").ToList();

        Assert.HasCount(1, told);
        StringAssert.Contains(told[0], $"the MLflow server {gone} has not logged all of this run");
    }

    [TestMethod]
    public void A_server_that_does_not_answer_is_given_up_at_the_end_of_the_run()
    {
        using var server = new MlflowTestServer(asked => asked == "runs/create" ? 0 : 200);

        var told = Run(server.Address, "silent").Lines.Where(line => line != "training vanilla").ToList();

        Assert.HasCount(1, told);
        StringAssert.Contains(told[0], "it is too slow");
    }

    [TestMethod]
    public void The_environment_names_server_experiment_and_credentials()
    {
        var warnings = new List<string>();

        Assert.IsNull(MlflowServer.Of(_ => null, warnings.Add));
        var server = Of(("MLFLOW_TRACKING_URI", "http://localhost:5000"), ("MLFLOW_TRACKING_TOKEN", "secret"))!;
        Assert.AreEqual("http://localhost:5000/", server.Address.ToString());
        Assert.AreEqual("noisynn", server.Experiment);
        Assert.AreEqual("Bearer secret", server.Credentials!.ToString());
        var login = Of(
            ("MLFLOW_TRACKING_URI", "https://host/mlflow/"),
            ("MLFLOW_TRACKING_USERNAME", "a"),
            ("MLFLOW_TRACKING_PASSWORD", "b"),
            ("MLFLOW_EXPERIMENT_NAME", "mine")
        )!;
        Assert.AreEqual("https://host/mlflow/", login.Address.ToString());
        Assert.AreEqual("mine", login.Experiment);
        Assert.AreEqual("Basic YTpi", login.Credentials!.ToString());
        Assert.IsEmpty(warnings);

        Assert.IsNull(Of(("MLFLOW_TRACKING_URI", "file:./mlruns")));
        StringAssert.Contains(warnings.Single(), "'file:./mlruns', and runs are logged to http and https addresses alone");

        MlflowServer? Of(params (string Name, string Value)[] variables) =>
            MlflowServer.Of(name => variables.FirstOrDefault(variable => variable.Name == name).Value, warnings.Add);
    }
}
