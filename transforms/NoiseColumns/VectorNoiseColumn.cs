using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.NoiseColumns.Values;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>Noise on a column of vectors of Single. They have one size, or varying sizes if the noise acts on elements.</summary>
sealed class VectorNoiseColumn : NoiseColumn
{
    readonly KernelsBySize<int> _kernels;
    readonly int? _length;

    /// <exception cref="InvalidOperationException">The mixing is singular over the column's axis.</exception>
    public VectorNoiseColumn(DataViewSchema.Column input, string outputName, NoiseEstimator.Options options)
        : base(input, outputName, options)
    {
        var type = (VectorDataViewType)input.Type;
        var dimensions = options.Dimensions ?? (type.IsKnownSize ? [.. type.Dimensions] : null);
        _length = dimensions?.Aggregate(1, (product, dimension) => product * dimension);
        _kernels = new(length => NoiseKernel.Create(Noise, dimensions ?? [length]));
        // For noise across the batch, NoiseBlockMapper has the kernel.
        if (_length is { } known && !Noise.IsTransductive)
            _kernels.Of(known);
    }

    public override Delegate CreateIdentityGetter(DataViewRow row) => row.GetGetter<VBuffer<float>>(row.Schema[Input.Index]);

    public override Delegate CreateNoiseGetter(DataViewRow row)
    {
        var read = row.GetGetter<VBuffer<float>>(row.Schema[Input.Index]);
        var readId = row.GetIdGetter();
        var clean = default(VBuffer<float>);
        var id = new DataViewRowId[1];
        return (ValueGetter<VBuffer<float>>)(
            (ref VBuffer<float> value) =>
            {
                readId(ref id[0]);
                read(ref clean);
                if (_length is { } length && clean.Length != length)
                    throw new InvalidOperationException(
                        $"Column '{Input.Name}' has {clean.Length} values in row {RowName.Of(id[0])}, but must have {length}."
                    );
                var editor = VBufferEditor.Create(ref value, clean.Length);
                clean.CopyTo(editor.Values);
                FiniteValues.Require(editor.Values, Input.Name, id[0]);
                // A row of no elements stays as it is.
                if (clean.Length > 0 && Choice.Includes(id[0]))
                    Apply(editor.Values, id);
                value = editor.Commit();
            }
        );
    }

    void Apply(Span<float> row, DataViewRowId[] id)
    {
        try
        {
            _kernels.Of(row.Length).Apply(row, 1, Seed, id);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException($"Column '{Input.Name}': {exception.Message}", exception);
        }
    }
}
