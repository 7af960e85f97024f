using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Transforms.Scoring;

/// <summary>
/// Input and output buffers of one cursor, which ONNX Runtime reads and writes in place: no copies and no allocation from block to block.
/// </summary>
internal sealed class OnnxBlock : IBlock
{
    private readonly OnnxModel _model;
    private readonly OnnxRows _inputRows;
    private readonly OnnxRows _outputRows;
    private readonly float[] _input;
    private readonly float[] _output;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _run = new();
    private OrtValue? _inputTensor;
    private OrtValue? _outputTensor;
    private int _boundRows;

    public OnnxBlock(OnnxModel model, OnnxRows input, OnnxRows output, int blockSize)
    {
        _model = model;
        _inputRows = input;
        _outputRows = output;
        var rows = Math.Max(blockSize, input.FixedBatch ?? 0);
        if ((long)rows * Math.Max(input.Length, output.Length) > Array.MaxLength)
            throw new NotSupportedException($"{rows} rows of '{model.FileName}' at once are more than an array holds; give a smaller batch size.");
        // Pinned: the addresses are ONNX Runtime's for the life of the block.
        _input = GC.AllocateArray<float>(rows * input.Length, pinned: true);
        _output = GC.AllocateArray<float>(rows * output.Length, pinned: true);
        _binding = model.Session.CreateIoBinding();
    }

    public Span<float> Input => _input;

    public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
    {
        var session = _model.Session;
        try
        {
            Bind(_inputRows.FixedBatch ?? rowCount);
            if (rowCount < _boundRows)
                RepeatLastRow(rowCount);
            session.RunWithBinding(_run, _binding);
            _binding.SynchronizeBoundOutputs();
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidOperationException($"'{_model.FileName}' failed on a batch of {rowCount} rows: {exception.Message}", exception);
        }
    }

    public ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock)
    {
        Delegate getter = outputIndex == 0 ? ScoreGetter(rowInBlock) : PredictedKeyGetter(rowInBlock);
        return getter as ValueGetter<T> ?? throw new InvalidOperationException(
            $"The output '{_outputRows.Name}' of '{_model.FileName}' was asked for as {typeof(T)}, but its getter is a {getter.GetType()}.");
    }

    public void Dispose()
    {
        _binding.Dispose();
        _inputTensor?.Dispose();
        _outputTensor?.Dispose();
        _run.Dispose();
    }

    /// <summary>Wraps the buffers as tensors of so many rows; again only when the number changes, which the last block of a view does.</summary>
    private void Bind(int rows)
    {
        if (rows == _boundRows)
            return;
        _inputTensor?.Dispose();
        _outputTensor?.Dispose();
        _binding.BindInput(_inputRows.Name, _inputTensor = Tensor(_input, _inputRows, rows));
        _binding.BindOutput(_outputRows.Name, _outputTensor = Tensor(_output, _outputRows, rows));
        _boundRows = rows;
    }

    private static OrtValue Tensor(float[] buffer, OnnxRows rows, int count) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer.AsMemory(0, count * rows.Length), rows.ShapeOf(count));

    // A model of fixed batch size gets full batches; what it makes of the repeated rows is not read.
    private void RepeatLastRow(int rowCount)
    {
        var last = _input.AsSpan((rowCount - 1) * _inputRows.Length, _inputRows.Length);
        for (var row = rowCount; row < _boundRows; row++)
            last.CopyTo(_input.AsSpan(row * _inputRows.Length));
    }

    private ReadOnlySpan<float> Scores(int row) => _output.AsSpan(row * _outputRows.Length, _outputRows.Length);

    private ValueGetter<VBuffer<float>> ScoreGetter(Func<int> rowInBlock) => (ref VBuffer<float> value) =>
    {
        var editor = VBufferEditor.Create(ref value, _outputRows.Length);
        Scores(rowInBlock()).CopyTo(editor.Values);
        value = editor.Commit();
    };

    private ValueGetter<uint> PredictedKeyGetter(Func<int> rowInBlock) => (ref uint value) => value = ScoreColumns.PredictedKey(Scores(rowInBlock()));
}
