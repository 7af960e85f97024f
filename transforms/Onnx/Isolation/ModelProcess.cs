using System.ComponentModel;
using System.Diagnostics;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>The process of a model, seen from its parent: requests and their answers, and the end with its cause.</summary>
sealed class ModelProcess
{
    static readonly ProcessEnd s_damaged = new("sent an answer that is none", "The file may have damaged it. Use files of known origin.");
    static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(100);

    readonly string _modelFile;
    readonly ModelIsolation _limits;
    readonly Process _process;
    readonly Stream _requests;
    readonly Lock _writing = new();
    readonly Lock _lock = new();
    readonly Dictionary<int, TaskCompletionSource<BinaryReader?>> _pending = [];
    readonly LastWords _lastWords;
    int _lastNumber;
    ProcessEnd? _cause;
    volatile ModelProcessException? _end;

    ModelProcess(string modelFile, ModelIsolation limits, Process process)
    {
        (_modelFile, _limits, _process) = (modelFile, limits, process);
        _requests = process.StandardInput.BaseStream;
        _lastWords = new(process.StandardError.BaseStream);
        new Thread(ReadAnswers) { IsBackground = true, Name = "Answers of a model's process" }.Start();
    }

    /// <summary>What the model takes, returns and says about itself.</summary>
    public OnnxSignature Signature { get; private set; } = null!;

    /// <summary>Whether the process has ended; every call then throws.</summary>
    public bool HasEnded => _end is not null;

    /// <summary>The number that the system gives the process.</summary>
    public int Id { get; private init; }

    /// <summary>Starts the process and loads the model.</summary>
    /// <param name="modelFile">The file, which has passed the checks.</param>
    /// <param name="threadCount">Threads inside an operator; null for ONNX Runtime's choice.</param>
    /// <param name="gpuDeviceId">The CUDA device; null for the CPU.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="cancellation">Ends the process.</param>
    /// <exception cref="InvalidDataException">ONNX Runtime cannot load the model.</exception>
    /// <exception cref="ModelProcessException">The process ended, or went beyond a limit.</exception>
    public static ModelProcess Start(
        string modelFile,
        int? threadCount,
        int? gpuDeviceId,
        ModelIsolation limits,
        CancellationToken cancellation
    )
    {
        var started = Launch(modelFile, limits, hasGpu: gpuDeviceId is not null, cancellation);
        try
        {
            var answer = started.Call(
                ModelRequest.Load,
                writer =>
                {
                    writer.Write(Path.GetFullPath(modelFile));
                    writer.Write(threadCount ?? 0);
                    writer.Write(gpuDeviceId ?? -1);
                },
                limits.LoadingTime,
                "loading",
                cancellation
            );
            started.Signature = answer.ReadSignature();
            return started;
        }
        catch (OnnxRunException refused)
        {
            started.Kill();
            throw new InvalidDataException(refused.Message, refused);
        }
        catch (Exception damaged) when (damaged is IOException or FormatException)
        {
            started.Kill();
            throw started.Exception(s_damaged, damaged);
        }
        catch
        {
            started.Kill();
            throw;
        }
    }

    /// <summary>Starts the process with its limits, and without a model.</summary>
    /// <param name="modelFile">The file, for messages.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="hasGpu">Whether it will use a GPU.</param>
    /// <param name="cancellation">Ends the process.</param>
    /// <exception cref="ModelProcessException">The process could not be started, or ended.</exception>
    public static ModelProcess Launch(string modelFile, ModelIsolation limits, bool hasGpu, CancellationToken cancellation)
    {
        limits.ThrowIfInvalid();
        Process process;
        try
        {
            process = Process.Start(HostCommand.Create())!;
        }
        catch (Win32Exception refused)
        {
            throw new ModelProcessException(
                modelFile,
                $"could not be started ({refused.Message})",
                "The limits of this process (ulimit -u, ulimit -v) may be too small.",
                refused
            );
        }
        var launched = new ModelProcess(modelFile, limits, process) { Id = process.Id };
        try
        {
            var isLimitedBySystem = launched
                .Call(
                    ModelRequest.Limit,
                    writer =>
                    {
                        writer.Write(limits.MemoryLimit);
                        writer.Write(hasGpu);
                    },
                    limits.LoadingTime,
                    "starting",
                    cancellation
                )
                .ReadBoolean();
            if (!isLimitedBySystem && !(hasGpu && OperatingSystem.IsLinux()))
                launched.WatchMemory();
            return launched;
        }
        catch
        {
            launched.Kill();
            throw;
        }
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="kind">What to do.</param>
    /// <param name="content">The request's content.</param>
    /// <param name="limit">The longest time to wait.</param>
    /// <param name="work">What is waited for, as in "loading".</param>
    /// <param name="cancellation">Ends the process.</param>
    /// <exception cref="OnnxRunException">The model refused.</exception>
    /// <exception cref="ModelProcessException">The process ended, or went beyond a limit.</exception>
    public BinaryReader Call(ModelRequest kind, Action<BinaryWriter> content, TimeSpan limit, string work, CancellationToken cancellation)
    {
        var pending = new TaskCompletionSource<BinaryReader?>(TaskCreationOptions.RunContinuationsAsynchronously);
        int number;
        lock (_lock)
        {
            if (_end is { } end)
                throw end;
            number = ++_lastNumber;
            _pending.Add(number, pending);
        }
        using var ending = cancellation.Register(Kill);
        Send(number, kind, content);
        if (!pending.Task.Wait(limit, CancellationToken.None))
            KillBecause(ProcessEnd.OutOfTime(limit, work));
        // After the end of the process, too, there is an answer.
        var answer = pending.Task.Result;
        cancellation.ThrowIfCancellationRequested();
        return Content(answer ?? throw _end!);
    }

    /// <summary>Sends a request whose answer nobody needs.</summary>
    public void Tell(ModelRequest kind, Action<BinaryWriter> content)
    {
        if (!HasEnded)
            Send(0, kind, content);
    }

    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    void KillBecause(ProcessEnd cause)
    {
        lock (_lock)
            _cause ??= cause;
        Kill();
    }

    void Send(int number, ModelRequest kind, Action<BinaryWriter> content)
    {
        try
        {
            lock (_writing)
                Frame.Write(
                    _requests,
                    writer =>
                    {
                        writer.Write(number);
                        writer.Write((byte)kind);
                        content(writer);
                    }
                );
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The reader of answers sees the end, too, and knows its cause.
        }
    }

    BinaryReader Content(BinaryReader answer)
    {
        if (answer.ReadBoolean())
            return answer;
        var message = answer.ReadString();
        if (!ProcessEnd.IsOutOfMemory(message))
            throw new OnnxRunException(message);
        // What is left of it after that is not worth keeping.
        var end = ProcessEnd.OutOfMemory(_limits.MemoryLimit);
        KillBecause(end);
        throw Exception(end, new OnnxRunException(message));
    }

    void ReadAnswers()
    {
        try
        {
            var answers = _process.StandardOutput.BaseStream;
            while (Frame.Read(answers) is { } answer)
            {
                var number = answer.ReadInt32();
                lock (_lock)
                    if (_pending.Remove(number, out var pending))
                        pending.SetResult(answer);
            }
        }
        catch (Exception damaged) when (damaged is IOException or InvalidDataException or ObjectDisposedException)
        {
            // A process that does not answer in messages is as good as ended.
            KillBecause(s_damaged);
        }
        // All that it wrote to standard error is read then, too.
        _process.WaitForExit();
        End(_process.ExitCode);
    }

    void End(int exitCode)
    {
        List<TaskCompletionSource<BinaryReader?>> left;
        lock (_lock)
        {
            _end = Exception(_cause ?? ProcessEnd.Of(exitCode, _lastWords.ToString()));
            left = [.. _pending.Values];
            _pending.Clear();
        }
        foreach (var pending in left)
            pending.SetResult(null);
        _process.Dispose();
    }

    /// <summary>Where the system does not limit the memory, this process looks at it from time to time.</summary>
    void WatchMemory()
    {
        new Thread(() =>
        {
            while (!HasEnded)
            {
                Thread.Sleep(s_betweenLooks);
                try
                {
                    _process.Refresh();
                    if (_process.WorkingSet64 > _limits.MemoryLimit)
                        KillBecause(ProcessEnd.OutOfMemory(_limits.MemoryLimit));
                }
                catch (InvalidOperationException)
                {
                    // It has ended.
                    return;
                }
            }
        })
        {
            IsBackground = true,
            Name = "Memory of a model's process",
        }.Start();
    }

    ModelProcessException Exception(ProcessEnd end, Exception? inner = null) => new(_modelFile, end.Cause, end.Remedy, inner);
}
