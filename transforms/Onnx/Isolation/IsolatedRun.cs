using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>Runs in the process of a model. Rows and results go through shared memory, the request to run through a pipe.</summary>
sealed class IsolatedRun(IsolatedSession session, OnnxRows input, OnnxRows output, byte[] inputBuffer, byte[] outputBuffer) : IOnnxRun
{
    static int s_lastNumber;

    ModelProcess? _process;
    SharedMemory? _memory;
    int _number;

    public void Run(int rowCount)
    {
        var process = session.Process;
        if (process != _process)
            Open(process);
        _memory!.WriteInput(inputBuffer.AsSpan(0, rowCount * input.ByteLength));
        session.Call(
            process,
            ModelRequest.Run,
            writer =>
            {
                writer.Write(_number);
                writer.Write(rowCount);
            },
            rowCount
        );
        _memory.ReadOutput(outputBuffer.AsSpan(0, rowCount * output.ByteLength));
    }

    public void Dispose()
    {
        _memory?.Dispose();
        _process?.Tell(ModelRequest.Close, writer => writer.Write(_number));
    }

    /// <summary>New memory for every process: that of the last one has no name any more.</summary>
    void Open(ModelProcess process)
    {
        _memory?.Dispose();
        _memory = SharedMemory.Create(inputBuffer.Length, outputBuffer.Length);
        _number = Interlocked.Increment(ref s_lastNumber);
        try
        {
            session.Call(
                process,
                ModelRequest.Open,
                writer =>
                {
                    writer.Write(_number);
                    writer.Write(input);
                    writer.Write(output);
                    writer.Write(_memory.Path);
                    writer.Write(_memory.InputLength);
                    writer.Write(_memory.OutputLength);
                },
                rowCount: 0
            );
        }
        finally
        {
            _memory.Unname();
        }
        _process = process;
    }
}
