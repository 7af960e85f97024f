using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Onnx.Inputs;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Scoring;

/// <summary>
/// The rows of one block and their results. The memory serves from block to block, without allocation.
/// </summary>
sealed class OnnxBlock : IBlock
{
    readonly OnnxModel _model;
    readonly SharedSession _session;
    readonly OnnxRows _inputRows;
    readonly OnnxPixels? _pixels;
    readonly OnnxRows _outputRows;
    readonly BatchRun _run;
    readonly BatchMeter _meter;

    public OnnxBlock(OnnxModel model, SharedSession session, OnnxRows input, OnnxPixels? pixels, OnnxRows output, int blockSize)
    {
        (_model, _inputRows, _pixels, _outputRows, _meter) = (model, input, pixels, output, new(model.FileName));
        var rows = Math.Max(blockSize, input.FixedBatch ?? 0);
        if ((long)rows * Math.Max(input.ByteLength, output.ByteLength) > Array.MaxLength)
            throw new NotSupportedException(
                $"{rows} rows of '{model.FileName}' at once are more than an array holds; give a smaller batch size."
            );
        _session = session.Share();
        try
        {
            _run = _session.Rent(input, output, rows);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    public Span<float> Input =>
        _inputRows.ElementType == TensorElementType.Float
            ? MemoryMarshal.Cast<byte, float>(_run.Input.AsSpan())
            : throw new NotSupportedException($"The input '{_inputRows.Name}' of '{_model.FileName}' is not float.");

    public Action<int> CreateReader(DataViewRow row, DataViewSchema.Column column) =>
        OnnxInputReader.Create(row, column, _inputRows, _run.Input, _model, _pixels);

    public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
    {
        _model.ThrowIfDisposed();
        _model.Cancellation.ThrowIfCancellationRequested();
        var runRows = _inputRows.FixedBatch ?? rowCount;
        if (rowCount < runRows)
            RepeatLastRow(rowCount, runRows);
        // Rows of a warm-up have no ids, and nobody asked for them.
        if (ids.IsEmpty)
        {
            Run(rowCount, runRows);
            return;
        }
        var start = _meter.Start();
        try
        {
            Run(rowCount, runRows);
        }
        catch (Exception exception)
        {
            _meter.Fail(exception);
            throw;
        }
        _meter.Finish(start, rowCount);
    }

    public ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock)
    {
        Delegate getter = outputIndex == 0 ? ScoreGetter(rowInBlock) : PredictedKeyGetter(rowInBlock);
        return getter as ValueGetter<T>
            ?? throw new InvalidOperationException(
                $"The output '{_outputRows.Name}' of '{_model.FileName}' was asked for as {typeof(T)}, but its getter "
                    + $"is a {getter.GetType()}."
            );
    }

    public void Dispose()
    {
        _session.Return(_run);
        _session.Dispose();
    }

    void Run(int rowCount, int runRows)
    {
        try
        {
            _run.Run(runRows);
        }
        catch (OnnxRunException exception)
        {
            throw _model.Explain(exception, $"a batch of {rowCount} rows");
        }
    }

    // A model of fixed batch size gets full batches. The results of the repeated rows are not read.
    void RepeatLastRow(int rowCount, int runRows)
    {
        var last = _run.Input.AsSpan((rowCount - 1) * _inputRows.ByteLength, _inputRows.ByteLength);
        for (var row = rowCount; row < runRows; row++)
            last.CopyTo(_run.Input.AsSpan(row * _inputRows.ByteLength));
    }

    void CopyScores(int row, Span<float> scores) =>
        OnnxElement.CopyTo(_run.Output.AsSpan(row * _outputRows.ByteLength, _outputRows.ByteLength), _outputRows.ElementType, scores);

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
