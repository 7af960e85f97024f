namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>Runs of up to a number of rows, with the memory that they read and write.</summary>
sealed class BatchRun : IDisposable
{
    readonly OnnxRows _inputRows;
    readonly OnnxRows _outputRows;
    readonly int _rowCount;
    readonly IOnnxRun _run;

    public BatchRun(IOnnxSession session, OnnxRows input, OnnxRows output, int rowCount)
    {
        (_inputRows, _outputRows, _rowCount) = (input, output, rowCount);
        // The buffers are pinned, because ONNX Runtime uses their addresses for the life of the run.
        Input = GC.AllocateArray<byte>(rowCount * input.ByteLength, pinned: true);
        Output = GC.AllocateArray<byte>(rowCount * output.ByteLength, pinned: true);
        _run = session.CreateRun(input, output, Input, Output);
    }

    /// <summary>The rows that the next run reads.</summary>
    public byte[] Input { get; }

    /// <summary>The rows that the last run wrote.</summary>
    public byte[] Output { get; }

    public bool IsFor(OnnxRows input, OnnxRows output, int rowCount) => (input, output, rowCount) == (_inputRows, _outputRows, _rowCount);

    /// <summary>Computes the outputs of the first rows.</summary>
    /// <exception cref="OnnxRunException">The run failed.</exception>
    public void Run(int rowCount) => _run.Run(rowCount);

    public void Dispose() => _run.Dispose();
}
