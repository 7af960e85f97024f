using Microsoft.ML.OnnxRuntime;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>Runs in this process. ONNX Runtime reads and writes the memory in place, without copies or allocation.</summary>
sealed class LocalRun : IOnnxRun
{
    readonly InferenceSession _session;
    readonly OnnxRows _input;
    readonly OnnxRows _output;
    readonly TensorMemory _inputMemory;
    readonly TensorMemory _outputMemory;
    readonly OrtIoBinding _binding;
    readonly RunOptions _run = new();
    readonly CancellationTokenRegistration _ending;
    OrtValue? _inputTensor;
    OrtValue? _outputTensor;
    int _boundRows;

    public LocalRun(
        InferenceSession session,
        OnnxRows input,
        OnnxRows output,
        TensorMemory inputMemory,
        TensorMemory outputMemory,
        CancellationToken cancellation
    )
    {
        (_session, _input, _output) = (session, input, output);
        (_inputMemory, _outputMemory) = (inputMemory, outputMemory);
        _binding = session.CreateIoBinding();
        _ending = cancellation.Register(() => _run.Terminate = true);
    }

    public void Run(int rowCount)
    {
        try
        {
            Bind(rowCount);
            _session.RunWithBinding(_run, _binding);
            _binding.SynchronizeBoundOutputs();
        }
        catch (OnnxRuntimeException exception)
        {
            throw new OnnxRunException(exception.Message, exception);
        }
    }

    public void Dispose()
    {
        _binding.Dispose();
        _inputTensor?.Dispose();
        _outputTensor?.Dispose();
        // Waits until a cancellation that is under way has finished.
        _ending.Dispose();
        _run.Dispose();
    }

    /// <summary>
    /// Wraps the memory as tensors of this number of rows. It does so again only if the number changes, as in the last block of a view.
    /// </summary>
    void Bind(int rows)
    {
        if (rows == _boundRows)
            return;
        _inputTensor?.Dispose();
        _outputTensor?.Dispose();
        _binding.BindInput(_input.Name, _inputTensor = _input.Tensor(_inputMemory, rows));
        _binding.BindOutput(_output.Name, _outputTensor = _output.Tensor(_outputMemory, rows));
        _boundRows = rows;
    }
}
