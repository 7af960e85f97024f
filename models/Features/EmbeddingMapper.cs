using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images.Ranges;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Features;

/// <summary>Fills the embeddings of a block of rows.</summary>
/// <param name="rows">[rows, input length]; it lives as long as the call.</param>
/// <param name="embeddings">rows x embedding length values, row-major.</param>
delegate void ComputeEmbeddings(Tensor rows, Span<float> embeddings);

/// <summary>Blocks of rows to one vector column, in evaluation and without gradients.</summary>
sealed class EmbeddingMapper(
    string inputColumnName,
    int blockSize,
    DataViewSchema.DetachedColumn output,
    int inputLength,
    bool dependsOnNeighbours,
    PixelRangeCheck? range,
    ComputeEmbeddings compute
) : IBlockMapper
{
    public string InputColumnName => inputColumnName;

    public int BlockSize => blockSize;

    public bool DependsOnNeighbours => dependsOnNeighbours;

    public IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; } = [output];

    public IBlock CreateBlock(int length, int blockSize)
    {
        var block = new Block(inputLength, ((VectorDataViewType)output.Type).Size, blockSize, compute);
        return range is null ? block : new PixelRangeBlock(block, range, inputLength);
    }

    /// <summary>Copies a float tensor on any device.</summary>
    public static void Copy(Tensor source, Span<float> target) =>
        MemoryMarshal.Cast<byte, float>(source.cpu().contiguous().bytes).CopyTo(target);

    sealed class Block(int inputLength, int outputLength, int blockSize, ComputeEmbeddings compute) : IBlock
    {
        readonly float[] _input = new float[blockSize * inputLength];
        readonly float[] _output = new float[blockSize * outputLength];

        public Span<float> Input => _input;

        public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
        {
            using var gradients = no_grad();
            using var scope = NewDisposeScope();
            var rows = empty(rowCount, inputLength, ScalarType.Float32);
            MemoryMarshal.AsBytes(_input.AsSpan(0, rowCount * inputLength)).CopyTo(rows.bytes);
            compute(rows, _output);
        }

        public ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock)
        {
            ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> value) =>
            {
                var editor = VBufferEditor.Create(ref value, outputLength);
                _output.AsSpan(rowInBlock() * outputLength, outputLength).CopyTo(editor.Values);
                value = editor.Commit();
            };
            return (ValueGetter<T>)(Delegate)getter;
        }

        public void Dispose() { }
    }
}
