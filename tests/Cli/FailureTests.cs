using System.Reflection;
using System.Runtime.InteropServices;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Native;

namespace NoisyNN.Tests.Cli;

[TestClass]
public sealed class FailureTests
{
    static readonly InvalidDataException s_cause = new("red/7.png is truncated");

    [TestMethod]
    public void What_a_getter_throws_on_a_thread_of_ML_NET_is_told_as_if_there_were_no_thread() =>
        Assert.AreEqual(
            "red/7.png is truncated.",
            Line(new InvalidOperationException("Splitter/consolidator worker encountered exception while consuming source data", s_cause))
        );

    [TestMethod]
    public void Wrappers_are_opened_however_many_there_are() =>
        Assert.AreEqual(
            "red/7.png is truncated.",
            Line(new AggregateException(new TargetInvocationException(new InvalidOperationException(s_cause.Message, s_cause))))
        );

    [TestMethod]
    public void A_message_that_says_more_than_its_cause_stays() =>
        Assert.AreEqual("the folder cannot be written.", Line(new IOException("the folder cannot be written", s_cause)));

    [TestMethod]
    public void An_interruption_inside_a_wrapper_is_still_one() =>
        Assert.AreEqual(ExitCode.Interrupted, Failure.Explain(new AggregateException(new OperationCanceledException())).ExitCode);

    [TestMethod]
    public void What_libtorch_says_is_told_without_its_frames() =>
        Assert.AreEqual(
            "libtorch: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5).",
            Line(
                FromLibtorch(
                    """
                    mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)
                    Exception raised from meta at ../aten/src/ATen/native/LinearAlgebra.cpp:193 (most recent call first):
                    frame #0: c10::Error::Error(c10::SourceLocation, std::string) + 0x68 (0x7ff8 in /app/libc10.so)
                    frame #1: <unknown function> + 0x422 (0x7ff in /app/libtorch_cpu.so)

                    """
                )
            )
        );

    [TestMethod]
    [DataRow(
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 2097152 "
            + "bytes. Error code 12 (Cannot allocate memory)\nframe #0: c10::alloc_cpu(unsigned long) + 0x358"
    )]
    [DataRow("[enforce fail at alloc_cpu.cpp:121] data. DefaultCPUAllocator: not enough memory: you tried to allocate 2097152 bytes.\n")]
    [DataRow("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.15 GiB")]
    public void A_lack_of_memory_inside_libtorch_is_recognised(string message)
    {
        Assert.AreEqual("out of memory. Use a smaller training.batchSize or fewer rows (data.trainLimit).", Line(FromLibtorch(message)));
        var translated = LibtorchError.Translate(FromLibtorch(message), batchSize: 64)!;
        Assert.IsInstanceOfType<InsufficientMemoryException>(translated);
        Assert.EndsWith(" The batch size is 64; try 32.", translated.Message);
        Assert.AreEqual(translated.Message, Line(translated));
    }

    [TestMethod]
    public void Where_a_batch_cannot_be_smaller_the_advice_is_another()
    {
        var failure = FromLibtorch("DefaultCPUAllocator: not enough memory: you tried to allocate 2097152 bytes.");
        Assert.AreEqual(
            "Out of memory. libtorch asked for another 2 MiB. The batch size is 1 already; use a smaller network or smaller images.",
            LibtorchError.Translate(failure, batchSize: 1)!.Message
        );
    }

    [TestMethod]
    public void What_is_not_libtorchs_is_left_alone()
    {
        Assert.IsNull(LibtorchError.Translate(s_cause, batchSize: 64));
        Assert.IsNull(LibtorchError.Translate(new OperationCanceledException(), batchSize: 64));
    }

    [TestMethod]
    public void Where_libtorch_cannot_be_loaded_cause_and_remedy_are_told_once()
    {
        var cause = new LibtorchUnavailableException("'a.so' needs GLIBC_2.38.", "Use a newer system.");
        Assert.AreEqual("'a.so' needs GLIBC_2.38. Use a newer system.", Line(new TypeInitializationException("torch", cause)));
    }

#pragma warning disable CA2201 // TorchSharp throws this type.
    static ExternalException FromLibtorch(string message) => new(message);
#pragma warning restore CA2201

    static string Line(Exception failure) => Failure.Explain(failure).Line;
}
