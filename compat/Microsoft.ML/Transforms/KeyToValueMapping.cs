using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Shows the values behind keys, which the key column's KeyValues annotation holds.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    private readonly IReadOnlyList<InputOutputColumnPair> _columns;

    internal KeyToValueMappingEstimator(IHostEnvironment env, IReadOnlyList<InputOutputColumnPair> columns)
        : base(env.Register(nameof(KeyToValueMappingEstimator)), new KeyToValueMappingTransformer(env, columns)) => _columns = columns;

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With([.. _columns.Select(pair => OutputColumn(inputSchema, pair))]);
    }

    private static SchemaShape.Column OutputColumn(SchemaShape inputSchema, InputOutputColumnPair pair)
    {
        var column = inputSchema.Require(pair.InputColumnName);
        if (!column.IsKey)
            throw SchemaMismatch.WrongType(nameof(inputSchema), "input", column.Name, "KeyType", column.TypeName);
        if (!column.Annotations.TryFind(AnnotationKinds.KeyValues, out var keyValues))
            throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Input column '{column.Name}' doesn't contain key values metadata");
        var annotations = column.Kind == SchemaShape.Column.VectorKind.Vector
            && column.Annotations.TryFind(AnnotationKinds.SlotNames, out var slotNames)
            ? new SchemaShape([slotNames])
            : null;
        return new(pair.OutputColumnName, column.Kind, keyValues.ItemType, keyValues.IsKey, annotations);
    }
}

/// <inheritdoc cref="KeyToValueMappingEstimator"/>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "KeyToValue";

    internal KeyToValueMappingTransformer(IHostEnvironment env, IReadOnlyList<InputOutputColumnPair> columns)
        : base(env.Register(nameof(KeyToValueMappingTransformer)), columns)
    {
    }

    internal KeyToValueMappingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(env.Register(nameof(KeyToValueMappingTransformer)), ctx)
    {
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetSignature(Signature, 1);
        SaveColumns(ctx);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly PrimitiveDataViewType[] _valueTypes;

        public Mapper(KeyToValueMappingTransformer parent, DataViewSchema inputSchema) : base(parent, inputSchema) =>
            _valueTypes = [.. Sources.Select(ValueTypeOf)];

        protected override DataViewSchema.DetachedColumn MakeOutputColumn(int output)
        {
            DataViewType type = Sources[output].Type is VectorDataViewType vector
                ? new VectorDataViewType(_valueTypes[output], vector.Dimensions) : _valueTypes[output];
            return new(Pairs[output].OutputColumnName, type, Keep(output, AnnotationKinds.SlotNames));
        }

        protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer)
        {
            disposer = null;
            return (Delegate)GenericDispatch.Invoke(CreateGetter<uint, int>,
                [Sources[output].Type.ItemTypeOf().RawType, _valueTypes[output].RawType], input, output);
        }

        private static PrimitiveDataViewType ValueTypeOf(DataViewSchema.Column column)
        {
            if (column.Type.ItemTypeOf() is not KeyDataViewType key
                || column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type is not VectorDataViewType values)
                throw new InvalidOperationException($"Metadata KeyValues does not exist for column '{column.Name}'");
            return (ulong)values.Size == key.Count
                ? values.ItemType
                : throw new InvalidOperationException($"KeyValues metadata size does not match column type key count for column "
                    + $"'{column.Name}': {values.Size} and {key.Count}");
        }

        private Delegate CreateGetter<TKey, TValue>(DataViewRow input, int output) where TKey : unmanaged, IBinaryInteger<TKey>
        {
            VBuffer<TValue> keyValues = default;
            Sources[output].GetKeyValues(ref keyValues);
            var values = keyValues.DenseValues().ToArray();
            var missing = MissingValue<TValue>();
            var column = input.Schema[Sources[output].Index];

            // Key 0 wraps to the largest number, so that one comparison finds it and what is out of range.
            TValue ValueOf(TKey key)
            {
                var index = ulong.CreateTruncating(key) - 1;
                return index < (ulong)values.Length ? values[index] : missing;
            }

            if (column.Type is not VectorDataViewType)
            {
                var get = input.GetGetter<TKey>(column);
                TKey key = default;
                return (ValueGetter<TValue>)((ref TValue destination) =>
                {
                    get(ref key);
                    destination = ValueOf(key);
                });
            }
            var getVector = input.GetGetter<VBuffer<TKey>>(column);
            VBuffer<TKey> keys = default;
            return (ValueGetter<VBuffer<TValue>>)((ref VBuffer<TValue> destination) =>
            {
                getVector(ref keys);
                var editor = VBufferEditor.Create(ref destination, keys.Length);
                if (!keys.IsDense)
                    editor.Values.Fill(missing);
                var explicitKeys = keys.GetValues();
                var indices = keys.GetIndices();
                for (var i = 0; i < explicitKeys.Length; i++)
                    editor.Values[keys.IsDense ? i : indices[i]] = ValueOf(explicitKeys[i]);
                destination = editor.Commit();
            });
        }

        private static TValue MissingValue<TValue>() =>
            typeof(TValue) == typeof(float) ? (TValue)(object)float.NaN : typeof(TValue) == typeof(double) ? (TValue)(object)double.NaN
                : default;
    }
}
