using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images.Ranges;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Scoring;

/// <summary>One ONNX model bound to the type of one column: blocks of rows in, the output's rows out.</summary>
sealed class OnnxBlockMapper(
    OnnxModel model,
    string inputColumnName,
    OnnxRows input,
    OnnxRows output,
    IReadOnlyList<DataViewSchema.DetachedColumn> columns,
    OnnxSetting setting,
    PixelRangeCheck? range = null,
    Func<OnnxBlockMapper, long?, OnnxSetting>? choose = null
) : IBlockMapper
{
    public OnnxModel Model => model;

    public OnnxRows Input => input;

    public OnnxRows Output => output;

    public string InputColumnName => inputColumnName;

    public int BlockSize => setting.Values.BatchSize;

    public int ParallelBlocks => setting.Values.ParallelRuns;

    public IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns => columns;

    public bool DependsOnNeighbours => model.IsTransductive;

    public bool ReadsColumn(DataViewType type) => ReadsColumn(type, input.ElementType);

    public static bool ReadsColumn(DataViewType type, TensorElementType element) =>
        type switch
        {
            ImageDataViewType => true,
            VectorDataViewType { IsKnownSize: true, ItemType: NumberDataViewType item } => item == NumberDataViewType.Byte
                || (item == NumberDataViewType.Single && element is (TensorElementType.Float16 or TensorElementType.UInt8)),
            _ => false,
        };

    public IBlockMapper ForCursor(long? rowCount) =>
        choose is null ? this : new OnnxBlockMapper(model, inputColumnName, input, output, columns, choose(this, rowCount), range);

    public IBlock CreateBlock(int inputLength, int blockSize)
    {
        var block = new OnnxBlock(model, setting.Session, input, output, blockSize);
        return range is null ? block : new PixelRangeBlock(block, range, input.Length);
    }
}

/// <summary>A way to run batches and the session for it. The session belongs to the model.</summary>
sealed record OnnxSetting(OnnxBatchSetting Values, SharedSession Session);
