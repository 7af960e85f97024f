using NoisyNN.Pipelines.Experiments.Ranks;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments.Ranks;

/// <summary><c>noisynn train FILE --ranks N</c>, up to the launcher.</summary>
[TestClass]
public sealed class RankCommandTests : IDisposable
{
    const string FileVariable = "NOISYNN_TESTS_FILE";

    readonly TinyExperiment _experiment = new();

    public void Dispose() => _experiment.Dispose();

    [TestMethod]
    public void A_sweep_is_refused()
    {
        var run = TestTerminal.Run("train", _experiment.Declaration, "--ranks", "2", "--set", "seed=[1, 2]");

        Assert.AreEqual(2, run.ExitCode);
        Assert.Contains("training.ranks is 2, but a sweep, several seeds or folds train many networks", run.ErrorLines[0]);
    }

    [TestMethod]
    public void Noise_that_mixes_the_batch_in_the_network_is_refused_with_its_line()
    {
        var run = TestTerminal.Run("train", _experiment.Declaration, "--ranks", "2", "--set", "noise.latent.axis=batch");

        Assert.AreEqual(2, run.ExitCode);
        Assert.Contains("mixes the rows of a batch in training, but each of the 2 ranks has only its own rows", run.ErrorLines[0]);
    }

    [TestMethod]
    public void More_ranks_than_rows_are_refused_with_the_key()
    {
        var run = TestTerminal.Run("train", _experiment.Declaration, "--ranks", "9");

        Assert.AreEqual(2, run.ExitCode);
        Assert.Contains("ranks is 9; a batchSize of 8 rows leaves some of them without any; give a multiple of ranks", run.ErrorLines[0]);
    }

    [TestMethod]
    public void Ranks_on_a_GPU_are_refused()
    {
        var run = TestTerminal.Run("train", _experiment.Declaration, "--ranks", "2", "--gpu", "0");

        Assert.AreEqual(2, run.ExitCode);
        Assert.Contains("several ranks train on CPUs. Leave out --gpu", run.ErrorLines[0]);
    }

    [TestMethod]
    public void Without_a_launcher_the_error_names_the_packages()
    {
        var (exitCode, _, error) = ChildProcess.Run(
            Train,
            new Dictionary<string, string?> { ["PATH"] = "/nowhere", [FileVariable] = _experiment.Declaration }
        );

        Assert.AreEqual(0, exitCode, error);
    }

    [TestMethod]
    public void Ranks_are_bound_to_cores_where_there_are_enough()
    {
        const string Binding = "OMPI_MCA_hwloc_base_binding_policy",
            Yielding = "OMPI_MCA_mpi_yield_when_idle";
        var one = RankJob.Variables(ranks: 2, threads: 1, processors: 2, isAdministrator: false);
        Assert.AreEqual("core:overload-allowed", one[Binding]);
        Assert.IsFalse(one.ContainsKey(Yielding));
        Assert.IsFalse(one.ContainsKey("OMPI_ALLOW_RUN_AS_ROOT"));

        var crowded = RankJob.Variables(ranks: 4, threads: 1, processors: 2, isAdministrator: true);
        Assert.AreEqual("none", crowded[Binding]);
        Assert.AreEqual("1", crowded[Yielding]);
        Assert.AreEqual("1", crowded["OMPI_ALLOW_RUN_AS_ROOT"]);
    }

    /// <summary>In a process without programs.</summary>
    static void Train()
    {
        var run = TestTerminal.Run("train", Environment.GetEnvironmentVariable(FileVariable)!, "--ranks", "2");

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("several ranks need mpirun, which is not installed", run.ErrorLines[0]);
        Assert.Contains("apt-get install openmpi-bin libopenmpi3", run.ErrorLines[0]);
    }
}
