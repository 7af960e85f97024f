using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Tests.Experiments.Running;

[TestClass]
public sealed class RunFolderTests
{
    readonly string _root = Directory.CreateTempSubdirectory("noisynn-").FullName;

    [TestCleanup]
    public void Remove() => Directory.Delete(_root, recursive: true);

    [TestMethod]
    public void A_second_run_of_the_same_name_gets_a_folder_of_its_own()
    {
        using var first = RunFolder.Open(_root, Experiment(), resume: false);
        using var second = RunFolder.Open(_root, Experiment(), resume: false);

        Assert.AreEqual(Path.Combine(_root, "trial"), first.Path);
        Assert.AreEqual(Path.Combine(_root, "trial-2"), second.Path);
    }

    [TestMethod]
    public void Latest_points_to_the_run_that_said_so_last()
    {
        using var first = RunFolder.Open(_root, Experiment(), resume: false);
        first.PointLatestHere();
        using var second = RunFolder.Open(_root, Experiment(), resume: false);
        second.PointLatestHere();

        Assert.AreEqual("trial-2", new DirectoryInfo(Path.Combine(_root, "latest")).LinkTarget);
        Assert.AreEqual(3, Directory.GetFileSystemEntries(_root).Length, "two runs and the link, nothing else");
    }

    [TestMethod]
    public void Resume_takes_the_newest_run_that_has_no_summary()
    {
        RunFolder.Open(_root, Experiment(), resume: false).Dispose();
        RunFolder.Open(_root, Experiment(), resume: false).Dispose();
        using (var complete = RunFolder.Open(_root, Experiment(), resume: false))
            File.WriteAllText(complete.SummaryPath, "{}");

        using var resumed = RunFolder.Open(_root, Experiment(), resume: true);

        Assert.AreEqual(Path.Combine(_root, "trial-2"), resumed.Path);
        Assert.IsTrue(resumed.IsResumed);
    }

    [TestMethod]
    public void Resume_with_other_settings_is_refused_and_names_the_difference()
    {
        RunFolder.Open(_root, Experiment(), resume: false).Dispose();

        var refusal = Assert.ThrowsExactly<IOException>(() => RunFolder.Open(_root, Experiment("training.epochs=7"), resume: true));

        StringAssert.Contains(refusal.Message, "epochs: 5");
        StringAssert.Contains(refusal.Message, "epochs: 7");
    }

    [TestMethod]
    public void Resume_with_nothing_to_resume_says_so()
    {
        var refusal = Assert.ThrowsExactly<IOException>(() => RunFolder.Open(_root, Experiment(), resume: true));

        StringAssert.Contains(refusal.Message, "no interrupted run of 'trial'");
    }

    [TestMethod]
    public void A_folder_in_use_is_not_given_to_a_second_process()
    {
        using var first = RunFolder.Open(_root, Experiment(), resume: false);

        var refusal = Assert.ThrowsExactly<IOException>(() => RunFolder.Open(_root, Experiment(), resume: true));

        StringAssert.Contains(refusal.Message, "another process");
    }

    [TestMethod]
    public void A_lock_that_cannot_be_written_is_not_taken_for_another_process()
    {
        string path;
        using (var folder = RunFolder.Open(_root, Experiment(), resume: false))
            path = folder.Path;
        Directory.CreateDirectory(Path.Combine(path, "run.lock"));

        var refusal = Assert.ThrowsExactly<IOException>(() => RunFolder.Open(_root, Experiment(), resume: true));

        StringAssert.Contains(refusal.Message, "cannot be written");
    }

    [TestMethod]
    public void A_folder_without_its_experiment_is_refused_by_name_and_let_go()
    {
        var path = Directory.CreateDirectory(Path.Combine(_root, "trial")).FullName;

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var refusal = Assert.ThrowsExactly<IOException>(() => RunFolder.Open(_root, Experiment(), resume: true));
            StringAssert.Contains(refusal.Message, $"{path} holds no experiment.yaml");
        }
        Assert.IsFalse(File.Exists(Path.Combine(path, "run.lock")));
    }

    [TestMethod]
    public void A_run_that_never_began_leaves_no_folder_and_one_with_a_checkpoint_stays()
    {
        using (var folder = RunFolder.Open(_root, Experiment(), resume: false))
        {
            Directory.CreateDirectory(folder.TrainingPath("vanilla"));
            folder.DiscardUnlessStarted();
        }
        Assert.IsEmpty(Directory.GetFileSystemEntries(_root));

        using (var folder = RunFolder.Open(_root, Experiment(), resume: false))
        {
            Directory.CreateDirectory(folder.TrainingPath("vanilla"));
            File.WriteAllText(Path.Combine(folder.TrainingPath("vanilla"), "checkpoint-000008.json"), "{}");
            folder.DiscardUnlessStarted();
        }
        Assert.IsTrue(Directory.Exists(Path.Combine(_root, "trial", "vanilla")));

        using (var folder = RunFolder.Open(_root, Experiment(), resume: true))
            folder.DiscardUnlessStarted();
        Assert.IsTrue(Directory.Exists(Path.Combine(_root, "trial")), "another process made it");
    }

    [TestMethod]
    public void A_root_that_cannot_be_written_is_refused_with_the_remedy()
    {
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");

        var refusal = Assert.ThrowsExactly<IOException>(() => RunFolder.Open(file, Experiment(), resume: false));

        StringAssert.Contains(refusal.Message, "--output DIR");
    }

    static ExperimentFile Experiment(params string[] overrides) =>
        ExperimentFile.Parse("name: trial\ndata:\n  manifest: fashion-mnist\n", "trial.yaml", overrides);
}
