using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Converts items to another type; see <see cref="DataKind"/>. Keys stay keys.</summary>
public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    private readonly IReadOnlyList<InputOutputColumnPair> _columns;
    private readonly DataKind _kind;

    internal TypeConvertingEstimator(IHostEnvironment env, IReadOnlyList<InputOutputColumnPair> columns, DataKind kind)
        : base(env.Register(nameof(TypeConvertingEstimator)), new TypeConvertingTransformer(env, columns, kind))
    {
        _columns = columns;
        _kind = kind;
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With([.. _columns.Select(pair =>
        {
            var column = inputSchema.Require(pair.InputColumnName);
            var itemType = TypeConvertingTransformer.ItemTypeFor(column.ItemType, _kind);
            if (itemType is null || ValueConversion.Find(column.ItemType, itemType) is null)
                throw new ArgumentOutOfRangeException(nameof(inputSchema),
                    $"Don't know how to convert {column.Name} of type {column.TypeName} into {_kind}");
            return new SchemaShape.Column(pair.OutputColumnName, column.Kind, itemType, isKey: false, column.Annotations);
        })]);
    }
}

/// <inheritdoc cref="TypeConvertingEstimator"/>
public sealed class TypeConvertingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ConvertType";
    private readonly DataKind _kind;

    internal TypeConvertingTransformer(IHostEnvironment env, IReadOnlyList<InputOutputColumnPair> columns, DataKind kind)
        : base(env.Register(nameof(TypeConvertingTransformer)), columns)
    {
        if (!Enum.IsDefined(kind))
            throw new ArgumentOutOfRangeException("outputKind", $"There is no data kind {kind}.");
        _kind = kind;
    }

    internal TypeConvertingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : this(env, ctx.ReadColumnPairs(), (DataKind)ctx.Reader.ReadByte())
    {
    }

    /// <summary>The item type that comes of another; null where a key cannot be of the kind.</summary>
    internal static PrimitiveDataViewType ItemTypeFor(DataViewType source, DataKind kind)
    {
        var rawType = kind switch
        {
            DataKind.SByte => typeof(sbyte),
            DataKind.Byte => typeof(byte),
            DataKind.Int16 => typeof(short),
            DataKind.UInt16 => typeof(ushort),
            DataKind.Int32 => typeof(int),
            DataKind.UInt32 => typeof(uint),
            DataKind.Int64 => typeof(long),
            DataKind.UInt64 => typeof(ulong),
            DataKind.Single => typeof(float),
            DataKind.Double => typeof(double),
            DataKind.Boolean => typeof(bool),
            DataKind.TimeSpan => typeof(TimeSpan),
            DataKind.DateTime => typeof(DateTime),
            DataKind.DateTimeOffset => typeof(DateTimeOffset),
            _ => typeof(string),
        };
        if (source is not KeyDataViewType key)
            return StandardTypes.TryGetPrimitive(rawType, out var primitive) ? primitive : null;
        return KeyDataViewType.IsValidDataType(rawType) && key.Count <= KeyDataViewType.MaxCount(rawType)
            ? new KeyDataViewType(rawType, key.Count) : null;
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetSignature(Signature, 1);
        SaveColumns(ctx);
        ctx.Writer.Write((byte)_kind);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly PrimitiveDataViewType[] _itemTypes;

        public Mapper(TypeConvertingTransformer parent, DataViewSchema inputSchema) : base(parent, inputSchema) =>
            _itemTypes = [.. Sources.Select(source =>
                ItemTypeFor(source.Type.ItemTypeOf(), parent._kind) is { } itemType
                    && ValueConversion.Find(source.Type.ItemTypeOf(), itemType) is not null
                ? itemType
                : throw new ArgumentOutOfRangeException(nameof(inputSchema),
                    $"source column '{source.Name}' with item type '{source.Type}' is not compatible with destination type "
                        + $"'{parent._kind}'"))];

        protected override DataViewSchema.DetachedColumn MakeOutputColumn(int output)
        {
            var (source, itemType) = (Sources[output], _itemTypes[output]);
            var annotations = new DataViewSchema.Annotations.Builder();
            if (source.Type is VectorDataViewType { IsKnownSize: true })
                annotations.Add(source.Annotations, kind => kind == AnnotationKinds.SlotNames);
            if (itemType is KeyDataViewType)
                annotations.Add(source.Annotations, kind => kind == AnnotationKinds.KeyValues);
            if (itemType is NumberDataViewType && source.Type.ItemTypeOf() is NumberDataViewType)
                annotations.Add(source.Annotations, kind => kind == AnnotationKinds.IsNormalized);
            if (itemType is NumberDataViewType && source.Type is BooleanDataViewType)
                annotations.AddPrimitiveValue(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, true);
            DataViewType type = source.Type is VectorDataViewType vector ? new VectorDataViewType(itemType, vector.Dimensions) : itemType;
            return new(Pairs[output].OutputColumnName, type, annotations.ToAnnotations());
        }

        protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer)
        {
            disposer = null;
            var source = Sources[output].Type.ItemTypeOf();
            return (Delegate)GenericDispatch.Invoke(CreateGetter<int, int>, [source.RawType, _itemTypes[output].RawType],
                input, input.Schema[Sources[output].Index], ValueConversion.Find(source, _itemTypes[output]));
        }

        private static Delegate CreateGetter<TFrom, TTo>(DataViewRow input, DataViewSchema.Column column, Delegate conversion)
        {
            var convert = (Func<TFrom, TTo>)conversion;
            if (column.Type is not VectorDataViewType)
            {
                var get = input.GetGetter<TFrom>(column);
                TFrom value = default;
                return (ValueGetter<TTo>)((ref TTo destination) =>
                {
                    get(ref value);
                    destination = convert(value);
                });
            }
            var getVector = input.GetGetter<VBuffer<TFrom>>(column);
            VBuffer<TFrom> values = default;
            return (ValueGetter<VBuffer<TTo>>)((ref VBuffer<TTo> destination) =>
            {
                getVector(ref values);
                var editor = VBufferEditor.Create(ref destination, values.Length);
                if (!values.IsDense)
                    editor.Values.Fill(convert(default));
                var explicitValues = values.GetValues();
                var indices = values.GetIndices();
                for (var i = 0; i < explicitValues.Length; i++)
                    editor.Values[values.IsDense ? i : indices[i]] = convert(explicitValues[i]);
                destination = editor.Commit();
            });
        }
    }
}
