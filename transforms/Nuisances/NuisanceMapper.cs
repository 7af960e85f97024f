using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Noise.Random;
using NoisyNN.Transforms.NoiseColumns.Values;

namespace NoisyNN.Transforms.Nuisances;

/// <summary>Computes the images with the nuisance and its places, row by row.</summary>
sealed class NuisanceMapper(NuisanceEstimator.Options options, ImageShape shape, IReadOnlyList<float[]> others) : IBlockMapper
{
    public string InputColumnName => options.Input;

    public int BlockSize => 1;

    public IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; } = Columns(options, options.Nuisance!.ShapeOf(shape));

    public IBlock CreateBlock(int inputLength, int blockSize) => new Block(options, shape, others);

    public static DataViewSchema.DetachedColumn[] Columns(NuisanceEstimator.Options options, ImageShape result) =>
        [
            new(options.OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, result.Channels, result.Height, result.Width)),
            new(options.PlaceColumnName, TextDataViewType.Instance),
        ];

    sealed class Block(NuisanceEstimator.Options options, ImageShape shape, IReadOnlyList<float[]> others) : IBlock
    {
        readonly float[] _image = new float[shape.Length];
        readonly float[] _result = new float[options.Nuisance!.ShapeOf(shape).Length];
        int _place;

        public Span<float> Input => _image;

        public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
        {
            FiniteValues.Require(_image, options.Input, ids[0]);
            _place = options.Nuisance!.Apply(_image, shape, others, new RowStream((uint)options.Seed!.Value, ids[0]), _result);
        }

        public ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock)
        {
            Delegate getter =
                outputIndex == 0
                    ? (ValueGetter<VBuffer<float>>)(
                        (ref VBuffer<float> pixels) =>
                        {
                            rowInBlock(); // throws unless the cursor is on a row
                            var editor = VBufferEditor.Create(ref pixels, _result.Length);
                            _result.CopyTo(editor.Values);
                            pixels = editor.Commit();
                        }
                    )
                    : (ValueGetter<ReadOnlyMemory<char>>)(
                        (ref ReadOnlyMemory<char> place) =>
                        {
                            rowInBlock();
                            place = NuisancePlace.Names[_place].AsMemory();
                        }
                    );
            return getter as ValueGetter<T>
                ?? throw new InvalidOperationException($"Output {outputIndex} of a nuisance is not read as {typeof(T)}.");
        }

        public void Dispose() { }
    }
}
