using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>The annotations of the schema that describe the noise on a column.</summary>
public static class NoiseAnnotations
{
    /// <summary>Text: the noise's name. Several in a row are listed in their order, separated by commas.</summary>
    public const string Noise = "Noise";

    /// <summary>Text: the <see cref="NoiseScope"/>, one for each noise.</summary>
    public const string Scope = "NoiseScope";

    /// <summary>Boolean: whether a row's value depends on its neighbours where the noise acts.</summary>
    public const string IsTransductive = "NoiseIsTransductive";

    /// <summary>Text: the row probability, one for each noise. It exists only if one of them is below 1.</summary>
    public const string RowProbability = "NoiseRowProbability";

    /// <summary>These stay from the input, because noise does not change the meaning of a slot.</summary>
    const string SlotNames = "SlotNames";

    /// <summary>The number of noises that were put on a column with these annotations.</summary>
    internal static int CountOf(DataViewSchema.Annotations column)
    {
        var names = Get<ReadOnlyMemory<char>>(column, Noise);
        return names.IsEmpty ? 0 : 1 + names.Span.Count(',');
    }

    /// <summary>The output column for an input column with these annotations.</summary>
    internal static DataViewSchema.DetachedColumn Describe(
        string name,
        DataViewType type,
        NoiseEstimator.Options options,
        DataViewSchema.Annotations input
    )
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(input, kind => kind == SlotNames);
        builder.AddPrimitiveValue(Noise, TextDataViewType.Instance, Listed(input, Noise, options.Noise!.Name));
        builder.AddPrimitiveValue(Scope, TextDataViewType.Instance, Listed(input, Scope, options.Scope.ToString()));
        var probabilities = Get<ReadOnlyMemory<char>>(input, RowProbability);
        if (options.RowProbability < 1 || !probabilities.IsEmpty)
        {
            var before = probabilities.IsEmpty ? Enumerable.Repeat("1", CountOf(input)) : [probabilities.ToString()];
            var all = string.Join(", ", [.. before, options.RowProbability.ToString("R", CultureInfo.InvariantCulture)]);
            builder.AddPrimitiveValue(RowProbability, TextDataViewType.Instance, all.AsMemory());
        }
        builder.AddPrimitiveValue(
            IsTransductive,
            BooleanDataViewType.Instance,
            options.Noise.IsTransductive || Get<bool>(input, IsTransductive)
        );
        return new(name, type, builder.ToAnnotations());
    }

    /// <summary>The same for a schema shape. It has the kinds of annotations, but no sizes and values.</summary>
    internal static DataViewSchema.DetachedColumn DescribeShape(string name, NoiseEstimator.Options options, SchemaShape.Column input)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (input.Annotations.Any(annotation => annotation.Name == SlotNames))
        {
            builder.Add(
                SlotNames,
                new VectorDataViewType(TextDataViewType.Instance, 1),
                (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(1, [ReadOnlyMemory<char>.Empty])
            );
        }
        if (input.Annotations.Any(annotation => annotation.Name == RowProbability))
            builder.AddPrimitiveValue(RowProbability, TextDataViewType.Instance, "1".AsMemory());
        DataViewType type = input.ItemType is ImageDataViewType image
            ? image
            : new VectorDataViewType(NumberDataViewType.Single, input.Kind is SchemaShape.Column.VectorKind.VariableVector ? 0 : 1);
        return Describe(name, type, options, builder.ToAnnotations());
    }

    /// <summary>The noises that the input's annotation lists, and this one.</summary>
    static ReadOnlyMemory<char> Listed(DataViewSchema.Annotations input, string kind, string text)
    {
        var before = Get<ReadOnlyMemory<char>>(input, kind);
        return (before.IsEmpty ? text : $"{before}, {text}").AsMemory();
    }

    static T? Get<T>(DataViewSchema.Annotations annotations, string kind)
    {
        T? value = default;
        if (annotations.Schema.GetColumnOrNull(kind) is { } column && column.Type.RawType == typeof(T))
            annotations.GetValue(kind, ref value);
        return value;
    }
}
