using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Features;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>
/// Blocks of pixel rows to codes and bounds. The draw of a row's code is a function of (seed, row id), so a bound depends on neither the
/// batch nor the order.
/// </summary>
sealed class InformationVaeMapper(
    InformationVae network,
    Device device,
    string inputColumnName,
    int blockSize,
    IReadOnlyList<DataViewSchema.DetachedColumn> outputColumns,
    ulong seed
) : IBlockMapper
{
    public string InputColumnName => inputColumnName;

    public int BlockSize => blockSize;

    public IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns => outputColumns;

    public IBlock CreateBlock(int inputLength, int blockSize) =>
        new Block(network, device, blockSize, hasBound: outputColumns.Count > 1, seed);

    sealed class Block(InformationVae network, Device device, int blockSize, bool hasBound, ulong seed) : IBlock
    {
        readonly int _inputLength = network.Configuration.InputLength;
        readonly int _codeLength = network.Configuration.LatentDimension;
        readonly NoiseKernel _normal = NoiseKernel.Create(new GaussianNoise(1), [network.Configuration.LatentDimension]);
        readonly float[] _input = new float[blockSize * network.Configuration.InputLength];
        readonly float[] _codes = new float[blockSize * network.Configuration.LatentDimension];
        readonly float[] _bounds = new float[blockSize];

        public Span<float> Input => _input;

        public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
        {
            using var gradients = no_grad();
            using var scope = NewDisposeScope();
            var pixels = ToTensor(_input, rowCount, _inputLength);
            EmbeddingMapper.Copy(network.call(pixels), _codes);
            if (!hasBound)
                return;

            var draws = new float[rowCount * _codeLength];
            _normal.Apply(draws, rowCount, seed, ids);
            var (logLikelihood, divergence) = network.Bound(pixels, ToTensor(draws, rowCount, _codeLength));
            EmbeddingMapper.Copy(logLikelihood - divergence, _bounds);
        }

        public ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock)
        {
            ValueGetter<VBuffer<float>> code = (ref VBuffer<float> value) =>
            {
                var editor = VBufferEditor.Create(ref value, _codeLength);
                _codes.AsSpan(rowInBlock() * _codeLength, _codeLength).CopyTo(editor.Values);
                value = editor.Commit();
            };
            ValueGetter<float> bound = (ref float value) => value = _bounds[rowInBlock()];
            return (ValueGetter<T>)(outputIndex == 0 ? code : (Delegate)bound);
        }

        public void Dispose() { }

        Tensor ToTensor(float[] values, int rows, int length)
        {
            var tensor = empty(rows, length, ScalarType.Float32);
            MemoryMarshal.AsBytes(values.AsSpan(0, rows * length)).CopyTo(tensor.bytes);
            return tensor.to(device);
        }
    }
}
