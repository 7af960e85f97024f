using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.Columns;

/// <summary>What a column says about the noise that was put on it, as annotations of the schema.</summary>
public static class NoiseAnnotations
{
    /// <summary>Text: the noise's name. Several in a row are listed in their order, separated by commas.</summary>
    public const string Noise = "Noise";

    /// <summary>Text: the <see cref="NoiseScope"/>, one for each noise.</summary>
    public const string Scope = "NoiseScope";

    /// <summary>Boolean: whether, where the noise acts, a row's value depends on its neighbours.</summary>
    public const string IsTransductive = "NoiseIsTransductive";

    /// <summary>Kept from the input: noise does not change what a slot means.</summary>
    private const string SlotNames = "SlotNames";

    /// <summary>The number of noises that were put on a column with these annotations.</summary>
    internal static int CountOf(DataViewSchema.Annotations column)
    {
        var names = Get<ReadOnlyMemory<char>>(column, Noise);
        return names.IsEmpty ? 0 : 1 + names.Span.Count(',');
    }

    /// <summary>The output column for an input column with these annotations.</summary>
    internal static DataViewSchema.DetachedColumn Describe(
        string name, DataViewType type, NoiseDefinition noise, NoiseScope scope, DataViewSchema.Annotations input)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(input, kind => kind == SlotNames);
        AddText(builder, input, Noise, noise.Name);
        AddText(builder, input, Scope, scope.ToString());
        builder.AddPrimitiveValue(IsTransductive, BooleanDataViewType.Instance, noise.IsTransductive || Get<bool>(input, IsTransductive));
        return new(name, type, builder.ToAnnotations());
    }

    /// <summary>The same for a shape, where sizes and values are not known yet, only which annotations there are.</summary>
    internal static DataViewSchema.DetachedColumn DescribeShape(string name, NoiseDefinition noise, NoiseScope scope, SchemaShape input)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (input.Any(annotation => annotation.Name == SlotNames))
        {
            builder.Add(SlotNames, new VectorDataViewType(TextDataViewType.Instance, 1),
                (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(1, [ReadOnlyMemory<char>.Empty]));
        }
        return Describe(name, new VectorDataViewType(NumberDataViewType.Single, 1), noise, scope, builder.ToAnnotations());
    }

    private static void AddText(DataViewSchema.Annotations.Builder builder, DataViewSchema.Annotations input, string kind, string text)
    {
        var before = Get<ReadOnlyMemory<char>>(input, kind);
        builder.AddPrimitiveValue(kind, TextDataViewType.Instance, (before.IsEmpty ? text : $"{before}, {text}").AsMemory());
    }

    private static T? Get<T>(DataViewSchema.Annotations annotations, string kind)
    {
        T? value = default;
        if (annotations.Schema.GetColumnOrNull(kind) is { } column && column.Type.RawType == typeof(T))
            annotations.GetValue(kind, ref value);
        return value;
    }
}
