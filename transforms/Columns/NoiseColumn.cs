using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.Columns;

/// <summary>One column of one schema with a noise on it: found, checked, and turned into a kernel.</summary>
internal sealed class NoiseColumn
{
    private readonly BlockInput _input;

    private NoiseColumn(BlockInput input, NoiseKernel kernel, ulong seed, DataViewSchema.DetachedColumn output) =>
        (_input, Kernel, Seed, Output) = (input, kernel, seed, output);

    public DataViewSchema.Column Input => _input.Column;

    public DataViewSchema.DetachedColumn Output { get; }

    public NoiseKernel Kernel { get; }

    /// <summary>Keys the kernel's random numbers.</summary>
    public ulong Seed { get; }

    /// <exception cref="ArgumentOutOfRangeException">The column is missing, is no known-size vector of Single, or lacks the axis that is mixed.</exception>
    /// <exception cref="InvalidOperationException">The mixing is singular over the column's axis.</exception>
    public static NoiseColumn Find(DataViewSchema schema, NoiseEstimator.Options options)
    {
        var (noise, name) = (options.Noise!, options.InputColumnName ?? options.OutputColumnName);
        var input = BlockInput.Find(schema, name);
        var dimensions = ((VectorDataViewType)input.Column.Type).Dimensions.AsSpan();
        if (noise.Misfit(dimensions) is { } misfit)
            throw new ArgumentOutOfRangeException(nameof(schema), $"Schema mismatch for input column '{name}' of type {input.Column.Type}: {misfit}");
        try
        {
            var kernel = NoiseKernel.Create(noise, dimensions);
            var output = NoiseAnnotations.Describe(options.OutputColumnName, input.Column.Type, noise, options.Scope, input.Column.Annotations);
            return new(input, kernel, Key(options, NoiseAnnotations.CountOf(input.Column.Annotations)), output);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException($"Column '{name}': {exception.Message}", exception);
        }
    }

    /// <summary>A getter that leaves the column as it is.</summary>
    public ValueGetter<VBuffer<float>> CreateIdentityGetter(DataViewRow row) => row.GetGetter<VBuffer<float>>(row.Schema[Input.Index]);

    /// <summary>A getter that puts the noise on each row by itself.</summary>
    public ValueGetter<VBuffer<float>> CreateNoiseGetter(DataViewRow row)
    {
        var read = CreateIdentityGetter(row);
        var readId = row.GetIdGetter();
        var clean = default(VBuffer<float>);
        var id = new DataViewRowId[1];
        return (ref VBuffer<float> value) =>
        {
            readId(ref id[0]);
            read(ref clean);
            var editor = VBufferEditor.Create(ref value, _input.Length);
            _input.Copy(clean, editor.Values, row.Position);
            FiniteValues.Require(editor.Values, Input.Name, id[0]);
            Kernel.Apply(editor.Values, 1, Seed, id);
            value = editor.Commit();
        };
    }

    /// <summary>The seed and, as the second word, the column's name and place: neither two columns nor two noises on one column must get the same numbers.</summary>
    private static ulong Key(NoiseEstimator.Options options, int earlierNoises)
    {
        var place = earlierNoises == 0 ? options.OutputColumnName : $"{options.OutputColumnName}\n{earlierNoises}";
        return (uint)options.Seed!.Value | (ulong)Hash(place) << 32;
    }

    /// <summary>FNV-1a, 32 bits: unlike string.GetHashCode, the same in every process.</summary>
    private static uint Hash(string text) => text.Aggregate(2166136261u, (hash, character) => unchecked((hash ^ character) * 16777619u));
}
