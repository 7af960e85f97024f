using NoisyNN.Pipelines.Experiments.Sweeps.Attempts;

namespace NoisyNN.Tests.Experiments.Sweeps;

/// <summary>Who may work on a trial, when processes start twice, die, or are slow.</summary>
[TestClass]
public sealed class AttemptTests : IDisposable
{
    static readonly AttemptTiming s_quick = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(400));
    static readonly AttemptTiming s_silent = new(TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(100));

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string Attempts => _folder["attempts"];

    Attempt? Begin(AttemptTiming timing) => Attempt.TryBegin(Attempts, "0000", timing, _ => { });

    /// <summary>The file of an attempt whose process is on another machine, as old as is said.</summary>
    string WriteForeign(int number, TimeSpan age, AttemptState state = AttemptState.Running)
    {
        Directory.CreateDirectory(Attempts);
        var path = Path.Combine(Attempts, $"0000-{number}.json");
        // A clock that is a year ahead plays no part.
        var then = DateTimeOffset.UtcNow.AddYears(1);
        new AttemptRecord(state, new ProcessIdentity("elsewhere", "another system", 1, 1), then, then).Write(path);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow - age);
        return path;
    }

    [TestMethod]
    public void Of_many_that_begin_at_once_one_works()
    {
        var begun = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(16).Select(_ => Begin(s_quick)).OfType<Attempt>().ToList();

        Assert.HasCount(1, begun);
        Assert.AreEqual(1, begun[0].Number);
        begun[0].Dispose();
    }

    [TestMethod]
    public void One_that_has_ended_frees_the_trial_at_once_and_says_how()
    {
        using (var first = Begin(s_quick)!)
            first.End(AttemptState.Failed, "no space left.");
        Assert.AreEqual("no space left.", Attempt.Find(Attempts, "0000").Last!.Cause);

        using (var second = Begin(s_quick)!)
            Assert.AreEqual(2, second.Number);
        Assert.AreEqual((2, AttemptState.Interrupted), (Attempt.Find(Attempts, "0000").Count, Attempt.Find(Attempts, "0000").Last!.State));
    }

    [TestMethod]
    public void A_living_one_keeps_the_trial_for_longer_than_the_time_after_which_it_would_be_stale()
    {
        using var owner = Begin(s_quick)!;
        Thread.Sleep(3 * s_quick.StaleAfter);

        Assert.IsNull(Begin(s_quick));
        Assert.IsFalse(owner.Lost.IsCancellationRequested);
    }

    [TestMethod]
    public void One_of_another_machine_is_replaced_when_it_has_been_silent_too_long_and_not_before()
    {
        WriteForeign(1, AttemptTiming.Default.StaleAfter - TimeSpan.FromSeconds(30));
        Assert.IsNull(Begin(AttemptTiming.Default));

        WriteForeign(1, AttemptTiming.Default.StaleAfter + TimeSpan.FromSeconds(1));
        using var next = Begin(AttemptTiming.Default);
        Assert.AreEqual(2, next!.Number);
    }

    [TestMethod]
    public void A_dead_process_of_this_machine_is_replaced_at_once()
    {
        Directory.CreateDirectory(Attempts);
        var now = DateTimeOffset.UtcNow;
        // The number of a living process, which started at another time: the number has been used again.
        var dead = ProcessIdentity.Current with
        {
            Start = ProcessIdentity.Current.Start - 1,
        };
        new AttemptRecord(AttemptState.Running, dead, now, now).Write(Path.Combine(Attempts, "0000-1.json"));

        using var next = Begin(AttemptTiming.Default);

        Assert.AreEqual(2, next!.Number);
        Assert.IsFalse(ProcessIdentity.Current.HasEnded);
    }

    [TestMethod]
    public void A_slow_owner_learns_that_it_has_lost_the_trial_and_writes_nothing_more()
    {
        using var slow = Begin(s_quick with { Interval = TimeSpan.FromMilliseconds(100) })!;
        var path = WriteForeign(2, TimeSpan.Zero);
        var before = File.ReadAllText(path);

        Assert.IsTrue(slow.Lost.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        slow.End(AttemptState.Complete);

        Assert.AreEqual(before, File.ReadAllText(path));
        Assert.AreEqual(AttemptState.Running, Attempt.Find(Attempts, "0000").Last!.State, "the other one is working");
        StringAssert.Contains(File.ReadAllText(Path.Combine(Attempts, "0000-1.json")), "running");
    }

    [TestMethod]
    public void Of_many_that_find_a_stale_one_a_single_one_takes_over()
    {
        WriteForeign(1, TimeSpan.FromDays(1));

        var begun = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(16).Select(_ => Begin(s_quick)).OfType<Attempt>().ToList();

        Assert.HasCount(1, begun);
        Assert.AreEqual(2, begun[0].Number);
        begun[0].Dispose();
    }

    [TestMethod]
    public void One_that_died_before_it_wrote_a_word_counts_by_its_age()
    {
        Directory.CreateDirectory(Attempts);
        var path = Path.Combine(Attempts, "0000-1.json");
        File.WriteAllText(path, "");
        Assert.IsNull(Begin(AttemptTiming.Default));

        File.SetLastWriteTimeUtc(path, DateTime.UtcNow - TimeSpan.FromHours(1));
        using var next = Begin(s_silent);
        Assert.AreEqual(2, next!.Number);
    }
}
