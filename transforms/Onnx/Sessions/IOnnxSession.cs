namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>A loaded model, in this process or in another one. Any number of threads may use it.</summary>
interface IOnnxSession : IDisposable
{
    /// <summary>What the model takes, returns and says about itself.</summary>
    OnnxSignature Signature { get; }

    /// <summary>Prepares runs that read one buffer and write another one. The buffers are pinned and outlive the runs.</summary>
    IOnnxRun CreateRun(OnnxRows input, OnnxRows output, byte[] inputBuffer, byte[] outputBuffer);

    /// <summary>Runs the model once and returns an output, whatever its shape.</summary>
    /// <param name="input">The rows' form.</param>
    /// <param name="rowCount">Rows to run.</param>
    /// <param name="values">The rows, one after the other.</param>
    /// <param name="output">The output's name.</param>
    /// <exception cref="OnnxRunException">The run failed.</exception>
    OnnxResult Evaluate(OnnxRows input, int rowCount, byte[] values, string output);
}

/// <summary>Runs of one thread at a time on its own buffers.</summary>
interface IOnnxRun : IDisposable
{
    /// <summary>Computes the outputs of the first rows.</summary>
    /// <exception cref="OnnxRunException">The run failed.</exception>
    void Run(int rowCount);
}

/// <summary>An output of one run.</summary>
/// <param name="ElementType">The type of its values.</param>
/// <param name="Shape">Its shape, the batch first.</param>
/// <param name="Values">Its values, row-major.</param>
sealed record OnnxResult(Microsoft.ML.OnnxRuntime.Tensors.TensorElementType ElementType, long[] Shape, byte[] Values);

/// <summary>ONNX Runtime refused a run. The message is its own.</summary>
sealed class OnnxRunException(string message, Exception? cause = null) : Exception(message, cause);
