using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.Win32.SafeHandles;
using NoisyNN.Transforms.Onnx.Quantization;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>The process of a model: reads requests from standard input, and answers on standard output.</summary>
/// <remarks>
/// A thread that has read a request also works on it, and another thread reads the next one. There is always one thread more than runs, so
/// that the end of the input, which is the end of the parent, is seen at once.
/// </remarks>
sealed partial class ModelHost(Stream requests, Stream answers)
{
    readonly Lock _reading = new();
    readonly Lock _answering = new();
    readonly Dictionary<int, (IOnnxRun Run, SharedMemory Memory)> _runs = [];
    LocalSession? _session;

    /// <summary>Serves a model until the parent ends, if this process was started for that.</summary>
    public static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(HostCommand.Variable) is null)
            return;
        // The terminal sends its signals to all processes of a command, a service manager too. The parent decides when this one ends.
        PosixSignalRegistration[] ignored =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP, PosixSignal.SIGTERM }.Select(signal =>
                PosixSignalRegistration.Create(signal, static context => context.Cancel = true)
            ),
        ];
        try
        {
            new ModelHost(Console.OpenStandardInput(), OwnOutput()).Serve();
            // Another thread reads on. The program's own Main must not begin.
            Thread.Sleep(Timeout.Infinite);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            // The parent has gone in the middle of a message.
        }
        GC.KeepAlive(ignored);
        End();
    }

    void Serve()
    {
        while (true)
        {
            BinaryReader? request;
            lock (_reading)
                request = Frame.Read(requests);
            if (request is null)
                End();
            if (!Answer(request!))
                return;
        }
    }

    /// <summary>Works on a request; false if the thread is not needed any more.</summary>
    bool Answer(BinaryReader request)
    {
        var number = request.ReadInt32();
        var kind = (ModelRequest)request.ReadByte();
        Action<BinaryWriter> content;
        try
        {
            content = Work(kind, request);
        }
        catch (Exception failure)
        {
            // Whatever it is, the parent tells it as its own.
            var message = failure is OutOfMemoryException ? $"Out of memory: {failure.Message}" : failure.Message;
            Write(number, isDone: false, writer => writer.Write(message));
            return true;
        }
        Write(number, isDone: true, content);
        return kind != ModelRequest.Close;
    }

    void Write(int number, bool isDone, Action<BinaryWriter> content)
    {
        lock (_answering)
            Frame.Write(
                answers,
                writer =>
                {
                    writer.Write(number);
                    writer.Write(isDone);
                    content(writer);
                }
            );
    }

    Action<BinaryWriter> Work(ModelRequest kind, BinaryReader request) =>
        kind switch
        {
            ModelRequest.Limit => Limit(request),
            ModelRequest.Load => Load(request),
            ModelRequest.Quantize => Quantize(request),
            ModelRequest.Evaluate => Evaluate(request),
            ModelRequest.Open => Open(request),
            ModelRequest.Run => Run(request),
            ModelRequest.Close => Close(request),
            _ => throw new InvalidDataException($"There is no request {kind}."),
        };

    Action<BinaryWriter> Limit(BinaryReader request)
    {
        var memory = request.ReadInt64();
        // CUDA reserves more than it uses.
        var isLimited = !request.ReadBoolean() && MemoryLimit.TrySet(memory);
        StartThread();
        return writer => writer.Write(isLimited);
    }

    static Action<BinaryWriter> Quantize(BinaryReader request)
    {
        var (source, output) = (request.ReadString(), request.ReadString());
        var calibration = MemoryMarshal.Cast<byte, float>(request.ReadByteArray());
        var (count, shape) = (request.ReadInt32(), request.ReadLengths());
        var result = count == 0 ? Quantizer.Dynamic(source, output) : Quantizer.Static(source, output, calibration, count, shape);
        return writer => writer.Write(result.ProductCount);
    }

    Action<BinaryWriter> Load(BinaryReader request)
    {
        var path = request.ReadString();
        var (threads, gpu) = (request.ReadInt32(), request.ReadInt32());
        var (options, _) = ExecutionDevice.Select(
            gpu < 0 ? null : gpu,
            fallbackToCpu: false,
            threads < 1 ? null : threads,
            static _ => { }
        );
        using (options)
            _session = LocalSession.Open(path, options, CancellationToken.None);
        return writer => writer.Write(_session.Signature);
    }

    Action<BinaryWriter> Evaluate(BinaryReader request)
    {
        var rows = request.ReadRows();
        var count = request.ReadInt32();
        var values = request.ReadByteArray();
        var result = _session!.Evaluate(rows, count, values, request.ReadString());
        return writer => writer.Write(result);
    }

    Action<BinaryWriter> Open(BinaryReader request)
    {
        var run = request.ReadInt32();
        var (input, output) = (request.ReadRows(), request.ReadRows());
        var memory = SharedMemory.Open(request.ReadString(), request.ReadInt64(), request.ReadInt64());
        var opened = new LocalRun(_session!.Inference, input, output, memory.InputMemory, memory.OutputMemory, CancellationToken.None);
        lock (_runs)
            _runs.Add(run, (opened, memory));
        StartThread();
        return static _ => { };
    }

    Action<BinaryWriter> Run(BinaryReader request)
    {
        IOnnxRun run;
        var number = request.ReadInt32();
        lock (_runs)
            run = _runs[number].Run;
        run.Run(request.ReadInt32());
        return static _ => { };
    }

    Action<BinaryWriter> Close(BinaryReader request)
    {
        (IOnnxRun Run, SharedMemory Memory) closed;
        lock (_runs)
            _ = _runs.Remove(request.ReadInt32(), out closed);
        closed.Run.Dispose();
        closed.Memory.Dispose();
        return static _ => { };
    }

    void StartThread() =>
        new Thread(() =>
        {
            try
            {
                Serve();
            }
            catch (Exception failure) when (failure is IOException or InvalidDataException)
            {
                // As above: without a parent there is nothing left to do.
                End();
            }
        })
        {
            IsBackground = true,
        }.Start();

    /// <summary>Ends the process at once, whatever a model is still computing.</summary>
    static void End() => Process.GetCurrentProcess().Kill();

    /// <summary>Standard output for answers alone: what native code prints there goes to standard error from now on.</summary>
    static Stream OwnOutput()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        const int output = 1,
            error = 2;
        var own = dup(output);
        _ = dup2(error, output);
        return new FileStream(new SafeFileHandle(own, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    [LibraryImport("libc")]
    private static partial int dup(int descriptor);

    [LibraryImport("libc")]
    private static partial int dup2(int descriptor, int wanted);
}
