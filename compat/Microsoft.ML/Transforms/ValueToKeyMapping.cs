using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Gives the distinct values of a column keys, in the order in which they occur or by value.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    internal const int DefaultMaximumNumberOfKeys = 1000000;
    private readonly IHostEnvironment _env;
    private readonly Options _options;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, Options options)
    {
        if (options.KeyData is { Schema.Count: not 1 } keyData)
            throw new ArgumentOutOfRangeException("keyData",
                $"If specified, this data view should contain only a single column containing the terms to map, but this had "
                    + $"{keyData.Schema.Count} columns.");
        if (options.MaximumNumberOfKeys <= 0)
            throw new ArgumentOutOfRangeException("maximumNumberOfKeys", "The maximum number of keys must be positive.");
        _env = env;
        _options = options;
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ValueToKeyMappingTransformer(_env, input, _options);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With([.. _options.Columns.Select(pair => OutputColumn(inputSchema, pair))]);
    }

    private SchemaShape.Column OutputColumn(SchemaShape inputSchema, InputOutputColumnPair pair)
    {
        var column = inputSchema.Require(pair.InputColumnName);
        if (!column.ItemType.IsStandardScalar())
            throw SchemaMismatch.WrongType(nameof(inputSchema), "input", column.Name, "standard type or a vector of standard type",
                column.TypeName);
        if (!column.IsKey || !column.Annotations.TryFind(AnnotationKinds.KeyValues, out var keyValues)
            || keyValues.Kind != SchemaShape.Column.VectorKind.Vector)
            keyValues = new(AnnotationKinds.KeyValues, SchemaShape.Column.VectorKind.Vector,
                _options.AddKeyValueAnnotationsAsText ? TextDataViewType.Instance : column.ItemType, column.IsKey);
        SchemaShape.Column[] annotations = column.Annotations.TryFind(AnnotationKinds.SlotNames, out var slotNames)
            ? [slotNames, keyValues] : [keyValues];
        return new(pair.OutputColumnName, column.Kind, NumberDataViewType.UInt32, isKey: true, new SchemaShape(annotations));
    }

    /// <summary>The order of the keys.</summary>
    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    internal sealed record Options(
        IReadOnlyList<InputOutputColumnPair> Columns, int MaximumNumberOfKeys, KeyOrdinality Ordinality, bool AddKeyValueAnnotationsAsText,
            IDataView KeyData);
}

/// <inheritdoc cref="ValueToKeyMappingEstimator"/>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ValueToKey";
    private readonly KeyDictionary[] _dictionaries;
    private readonly bool _keyValuesAsText;

    internal ValueToKeyMappingTransformer(IHostEnvironment env, IDataView input, ValueToKeyMappingEstimator.Options options)
        : base(env.Register(nameof(ValueToKeyMappingTransformer)), options.Columns)
    {
        _keyValuesAsText = options.AddKeyValueAnnotationsAsText;
        _dictionaries = [.. options.Columns.Select(pair => Train(input, input.Schema.Require(pair.InputColumnName), options))];
    }

    internal ValueToKeyMappingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(env.Register(nameof(ValueToKeyMappingTransformer)), ctx)
    {
        _keyValuesAsText = ctx.Reader.ReadBoolean();
        _dictionaries = new KeyDictionary[ColumnPairs.Count];
        for (var i = 0; i < _dictionaries.Length; i++)
        {
            var itemType = DataViewTypeCodec.Read(ctx.Reader) as PrimitiveDataViewType
                ?? throw new FormatException("Corrupt model file: keys of no primitive type.");
            _dictionaries[i] = KeyDictionary.Create(itemType);
            _dictionaries[i].Load(ctx.Reader, ctx.ReadCount());
        }
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetSignature(Signature, 1);
        SaveColumns(ctx);
        ctx.Writer.Write(_keyValuesAsText);
        foreach (var dictionary in _dictionaries)
        {
            DataViewTypeCodec.Write(ctx.Writer, dictionary.ItemType);
            ctx.Writer.Write(dictionary.Count);
            dictionary.Save(ctx.Writer);
        }
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private static KeyDictionary Train(IDataView input, DataViewSchema.Column column, ValueToKeyMappingEstimator.Options options)
    {
        var itemType = column.Type.ItemTypeOf();
        if (itemType is not KeyDataViewType && !itemType.IsStandardScalar())
            throw SchemaMismatch.WrongType("inputSchema", "input", column.Name, "standard type or a vector of standard type",
                column.Type.ToString());
        var dictionary = KeyDictionary.Create((PrimitiveDataViewType)itemType);
        if (options.KeyData is not { } keyData)
            dictionary.Train(input, column, options.MaximumNumberOfKeys);
        else if (keyData.Schema[0].Type.Equals(itemType))
            dictionary.Train(keyData, keyData.Schema[0], int.MaxValue);
        else
            throw new ArgumentOutOfRangeException(nameof(keyData),
                $"Input data's column must be of type '{itemType}' but was '{keyData.Schema[0].Type}'");
        if (options.Ordinality == ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            dictionary.SortByValue();
        return dictionary;
    }

    private sealed class Mapper : OneToOneMapper
    {
        private readonly ValueToKeyMappingTransformer _parent;

        public Mapper(ValueToKeyMappingTransformer parent, DataViewSchema inputSchema) : base(parent, inputSchema)
        {
            _parent = parent;
            foreach (var (column, dictionary) in Sources.Zip(parent._dictionaries))
                if (!dictionary.ItemType.Equals(column.Type.ItemTypeOf()))
                    throw SchemaMismatch.WrongType(nameof(inputSchema), "input", column.Name, dictionary.ItemType.ToString(),
                        column.Type.ToString());
        }

        protected override DataViewSchema.DetachedColumn MakeOutputColumn(int output)
        {
            var dictionary = _parent._dictionaries[output];
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(Sources[output].Annotations, kind => kind == AnnotationKinds.SlotNames);
            dictionary.AddKeyValues(annotations, Sources[output], _parent._keyValuesAsText);
            DataViewType type = Sources[output].Type is VectorDataViewType vector
                ? new VectorDataViewType(dictionary.KeyType, vector.Dimensions) : dictionary.KeyType;
            return new(Pairs[output].OutputColumnName, type, annotations.ToAnnotations());
        }

        protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer)
        {
            disposer = null;
            return _parent._dictionaries[output].CreateGetter(input, input.Schema[Sources[output].Index]);
        }
    }
}
