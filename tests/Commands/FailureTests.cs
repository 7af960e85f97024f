using System.Reflection;
using NoisyNN.Pipelines.Commands;

namespace NoisyNN.Tests.Commands;

[TestClass]
public sealed class FailureTests
{
    static readonly InvalidDataException s_cause = new("red/7.png is truncated");

    [TestMethod]
    public void What_a_getter_throws_on_a_thread_of_ML_NET_is_told_as_if_there_were_no_thread() =>
        Assert.AreEqual("red/7.png is truncated.", Line(new InvalidOperationException("Splitter/consolidator worker encountered exception while consuming source data", s_cause)));

    [TestMethod]
    public void Wrappers_are_opened_however_many_there_are() =>
        Assert.AreEqual("red/7.png is truncated.", Line(new AggregateException(new TargetInvocationException(new InvalidOperationException(s_cause.Message, s_cause)))));

    [TestMethod]
    public void A_message_that_says_more_than_its_cause_stays() =>
        Assert.AreEqual("the folder cannot be written.", Line(new IOException("the folder cannot be written", s_cause)));

    [TestMethod]
    public void An_interruption_inside_a_wrapper_is_still_one() =>
        Assert.AreEqual(CommandLine.Interrupted, Failure.Explain(new AggregateException(new OperationCanceledException())).ExitCode);

    static string Line(Exception failure) => Failure.Explain(failure).Line;
}
