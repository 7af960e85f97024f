using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images.Ranges;
using NoisyNN.Transforms.Onnx.Inputs;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Scoring;

/// <summary>One ONNX model bound to the type of one column: blocks of rows in, the output's rows out.</summary>
sealed class OnnxBlockMapper(
    OnnxModel model,
    string inputColumnName,
    OnnxRows input,
    OnnxPixels? pixels,
    OnnxRows output,
    IReadOnlyList<DataViewSchema.DetachedColumn> columns,
    OnnxSetting setting,
    bool mixesRows,
    PixelRangeCheck? range,
    Func<OnnxBlockMapper, long?, OnnxSetting>? choose = null
) : IBlockMapper
{
    public OnnxModel Model => model;

    public OnnxRows Input => input;

    public OnnxPixels? Pixels => pixels;

    public OnnxRows Output => output;

    public string InputColumnName => inputColumnName;

    public int BlockSize => setting.Values.BatchSize;

    public int ParallelBlocks => setting.Values.ParallelRuns;

    public IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns => columns;

    public bool DependsOnNeighbours => mixesRows;

    public bool ReadsColumn(DataViewType type) => ReadsColumn(type, input.ElementType, pixels is not null);

    public static bool ReadsColumn(DataViewType type, TensorElementType element, bool isRawPixels) =>
        type switch
        {
            ImageDataViewType => true,
            VectorDataViewType { IsKnownSize: true, ItemType: NumberDataViewType item } => item == NumberDataViewType.Byte
                || (item == NumberDataViewType.Single && (isRawPixels || element is not TensorElementType.Float))
                || (item == NumberDataViewType.Double && element is TensorElementType.Double),
            _ => false,
        };

    public IBlockMapper ForCursor(long? rowCount) =>
        choose is null
            ? this
            : new OnnxBlockMapper(model, inputColumnName, input, pixels, output, columns, choose(this, rowCount), mixesRows, range);

    public IBlock CreateBlock(int inputLength, int blockSize)
    {
        var block = new OnnxBlock(model, setting.Session, input, pixels, output, blockSize);
        return range is null ? block : new PixelRangeBlock(block, range, input.Length);
    }
}

/// <summary>A way to run batches and the session for it. The session belongs to the model.</summary>
sealed record OnnxSetting(OnnxBatchSetting Values, SharedSession Session);
