using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>A model in this process.</summary>
sealed class LocalSession : IOnnxSession
{
    readonly CancellationToken _cancellation;

    LocalSession(InferenceSession session, CancellationToken cancellation)
    {
        (Inference, _cancellation) = (session, cancellation);
        Signature = OnnxSignature.Of(session);
    }

    public InferenceSession Inference { get; }

    public OnnxSignature Signature { get; }

    /// <param name="path">The file.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="cancellation">Ends runs that are under way.</param>
    /// <exception cref="InvalidDataException">ONNX Runtime cannot load the file.</exception>
    public static LocalSession Open(string path, SessionOptions options, CancellationToken cancellation)
    {
        InferenceSession session;
        try
        {
            session = new(path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidDataException($"ONNX Runtime cannot load '{path}': {exception.Message}", exception);
        }
        try
        {
            return new(session, cancellation);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public IOnnxRun CreateRun(OnnxRows input, OnnxRows output, byte[] inputBuffer, byte[] outputBuffer) =>
        new LocalRun(Inference, input, output, TensorMemory.Of(inputBuffer), TensorMemory.Of(outputBuffer), _cancellation);

    public OnnxResult Evaluate(OnnxRows input, int rowCount, byte[] values, string output)
    {
        var pinned = GC.AllocateUninitializedArray<byte>(values.Length, pinned: true);
        values.CopyTo(pinned, 0);
        using var tensor = input.Tensor(TensorMemory.Of(pinned), rowCount);
        using var run = new RunOptions();
        using var ending = _cancellation.Register(() => run.Terminate = true);
        try
        {
            using var results = Inference.Run(run, [input.Name], [tensor], [output]);
            var form = results[0].GetTensorTypeAndShape();
            return new(form.ElementDataType, form.Shape, Bytes(results[0], form.ElementDataType));
        }
        catch (OnnxRuntimeException exception)
        {
            throw new OnnxRunException(exception.Message, exception);
        }
    }

    public void Dispose() => Inference.Dispose();

    static byte[] Bytes(OrtValue tensor, TensorElementType type)
    {
        if (tensor.GetTensorSizeInBytes() > Array.MaxLength)
            throw new OnnxRunException($"The output has {tensor.GetTensorSizeInBytes()} bytes, more than an array holds.");
        return type switch
        {
            TensorElementType.Float => MemoryMarshal.AsBytes(tensor.GetTensorDataAsSpan<float>()).ToArray(),
            TensorElementType.Double => MemoryMarshal.AsBytes(tensor.GetTensorDataAsSpan<double>()).ToArray(),
            TensorElementType.Float16 => MemoryMarshal.AsBytes(tensor.GetTensorDataAsSpan<Float16>()).ToArray(),
            _ => throw new OnnxRunException($"The output has values of the type {type}."),
        };
    }
}
