using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Scoring;

/// <summary>
/// Input and output buffers of one block. ONNX Runtime reads and writes them in place, without copies or allocation from block to block.
/// </summary>
sealed class OnnxBlock : IBlock
{
    readonly OnnxModel _model;
    readonly SharedSession _session;
    readonly OnnxRows _inputRows;
    readonly OnnxRows _outputRows;
    readonly byte[] _input;
    readonly byte[] _output;
    readonly OrtIoBinding _binding;
    readonly RunOptions _run;
    readonly CancellationTokenRegistration _ending;
    OrtValue? _inputTensor;
    OrtValue? _outputTensor;
    int _boundRows;

    public OnnxBlock(OnnxModel model, SharedSession session, OnnxRows input, OnnxRows output, int blockSize)
    {
        (_model, _inputRows, _outputRows) = (model, input, output);
        var rows = Math.Max(blockSize, input.FixedBatch ?? 0);
        if ((long)rows * Math.Max(input.ByteLength, output.ByteLength) > Array.MaxLength)
            throw new NotSupportedException(
                $"{rows} rows of '{model.FileName}' at once are more than an array holds; give a smaller batch size."
            );
        _session = session.Share();
        // The buffers are pinned, because ONNX Runtime uses their addresses for the life of the block.
        _input = GC.AllocateArray<byte>(rows * input.ByteLength, pinned: true);
        _output = GC.AllocateArray<byte>(rows * output.ByteLength, pinned: true);
        _binding = _session.Session.CreateIoBinding();
        (_run, _ending) = model.CreateRun();
    }

    public Span<float> Input =>
        _inputRows.ElementType == TensorElementType.Float
            ? MemoryMarshal.Cast<byte, float>(_input.AsSpan())
            : throw new NotSupportedException($"The input '{_inputRows.Name}' of '{_model.FileName}' is not float.");

    public Action<int> CreateReader(DataViewRow row, DataViewSchema.Column column) =>
        OnnxInputReader.Create(row, column, _inputRows, _input, _model);

    public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
    {
        _model.ThrowIfDisposed();
        _model.Cancellation.ThrowIfCancellationRequested();
        try
        {
            Bind(_inputRows.FixedBatch ?? rowCount);
            if (rowCount < _boundRows)
                RepeatLastRow(rowCount);
            _session.Session.RunWithBinding(_run, _binding);
            _binding.SynchronizeBoundOutputs();
        }
        catch (OnnxRuntimeException exception)
        {
            throw _model.Explain(exception, $"a batch of {rowCount} rows");
        }
    }

    public ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock)
    {
        Delegate getter = outputIndex == 0 ? ScoreGetter(rowInBlock) : PredictedKeyGetter(rowInBlock);
        return getter as ValueGetter<T>
            ?? throw new InvalidOperationException(
                $"The output '{_outputRows.Name}' of '{_model.FileName}' was asked for as {typeof(T)}, but its getter is a {getter.GetType()}."
            );
    }

    public void Dispose()
    {
        _binding.Dispose();
        _inputTensor?.Dispose();
        _outputTensor?.Dispose();
        // Waits until a cancellation that is under way has finished.
        _ending.Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    /// <summary>
    /// Wraps the buffers as tensors of this number of rows. It does so again only if the number changes, as in the last block of a view.
    /// </summary>
    void Bind(int rows)
    {
        if (rows == _boundRows)
            return;
        _inputTensor?.Dispose();
        _outputTensor?.Dispose();
        _binding.BindInput(_inputRows.Name, _inputTensor = _inputRows.Tensor(_input, rows));
        _binding.BindOutput(_outputRows.Name, _outputTensor = _outputRows.Tensor(_output, rows));
        _boundRows = rows;
    }

    // A model of fixed batch size gets full batches. The results of the repeated rows are not read.
    void RepeatLastRow(int rowCount)
    {
        var last = _input.AsSpan((rowCount - 1) * _inputRows.ByteLength, _inputRows.ByteLength);
        for (var row = rowCount; row < _boundRows; row++)
            last.CopyTo(_input.AsSpan(row * _inputRows.ByteLength));
    }

    void CopyScores(int row, Span<float> scores)
    {
        var bytes = _output.AsSpan(row * _outputRows.ByteLength, _outputRows.ByteLength);
        if (_outputRows.ElementType == TensorElementType.Float)
        {
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(scores);
            return;
        }
        var halves = MemoryMarshal.Cast<byte, Half>(bytes);
        for (var index = 0; index < halves.Length; index++)
            scores[index] = (float)halves[index];
    }

    ValueGetter<VBuffer<float>> ScoreGetter(Func<int> rowInBlock) =>
        (ref VBuffer<float> value) =>
        {
            var editor = VBufferEditor.Create(ref value, _outputRows.Length);
            CopyScores(rowInBlock(), editor.Values);
            value = editor.Commit();
        };

    ValueGetter<uint> PredictedKeyGetter(Func<int> rowInBlock)
    {
        var scores = new float[_outputRows.Length];
        return (ref uint value) =>
        {
            CopyScores(rowInBlock(), scores);
            value = ScoreColumns.PredictedKey(scores);
        };
    }
}
