using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>A model in a process of its own. After the end of one process, the next run starts another one.</summary>
sealed class IsolatedSession : IOnnxSession
{
    readonly string _modelFile;
    readonly int? _threadCount;
    readonly int? _gpuDeviceId;
    readonly CancellationToken _cancellation;
    readonly Lock _lock = new();
    ModelProcess _process;
    bool _disposed;

    /// <param name="modelFile">The file, which has passed the checks.</param>
    /// <param name="threadCount">Threads inside an operator; null for ONNX Runtime's choice.</param>
    /// <param name="gpuDeviceId">The CUDA device; null for the CPU.</param>
    /// <param name="limits">The limits of the process.</param>
    /// <param name="cancellation">Ends the process.</param>
    /// <exception cref="InvalidDataException">ONNX Runtime cannot load the model.</exception>
    /// <exception cref="ModelProcessException">The process ended, or went beyond a limit.</exception>
    public IsolatedSession(string modelFile, int? threadCount, int? gpuDeviceId, ModelIsolation limits, CancellationToken cancellation)
    {
        (_modelFile, _threadCount, _gpuDeviceId, Limits, _cancellation) = (modelFile, threadCount, gpuDeviceId, limits, cancellation);
        _process = Start();
        Signature = _process.Signature;
    }

    public OnnxSignature Signature { get; }

    public ModelIsolation Limits { get; }

    /// <summary>The process that lives; a new one if the last one has ended.</summary>
    public ModelProcess Process
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _process.HasEnded ? _process = Start() : _process;
            }
        }
    }

    public IOnnxRun CreateRun(OnnxRows input, OnnxRows output, byte[] inputBuffer, byte[] outputBuffer) =>
        new IsolatedRun(this, input, output, inputBuffer, outputBuffer);

    public OnnxResult Evaluate(OnnxRows input, int rowCount, byte[] values, string output) =>
        Read(
            Call(
                Process,
                ModelRequest.Evaluate,
                writer =>
                {
                    writer.Write(input);
                    writer.Write(rowCount);
                    writer.WriteBytes(values);
                    writer.Write(output);
                },
                rowCount
            )
        );

    /// <summary>Sends a request to a process and waits, at most as long as a batch may take.</summary>
    public BinaryReader Call(ModelProcess process, ModelRequest request, Action<BinaryWriter> content, int rowCount) =>
        process.Call(request, content, Limits.BatchTime, $"a batch of {rowCount} rows", _cancellation);

    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        _process.Kill();
        GC.SuppressFinalize(this);
    }

    // A session of ONNX Runtime in this process is freed when nobody uses it any more. So is a process.
#pragma warning disable MA0055 // A process is no handle that a SafeHandle could own.
    ~IsolatedSession() => _process?.Kill();
#pragma warning restore MA0055

    ModelProcess Start() => ModelProcess.Start(_modelFile, _threadCount, _gpuDeviceId, Limits, _cancellation);

    OnnxResult Read(BinaryReader answer)
    {
        try
        {
            return answer.ReadResult();
        }
        catch (Exception damaged) when (damaged is IOException or InvalidDataException)
        {
            throw new ModelProcessException(
                _modelFile,
                "sent a result that does not fit the model",
                "It may have been damaged by the file. Use files of known origin.",
                damaged
            );
        }
    }
}
