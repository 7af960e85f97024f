using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How a prediction engine reads, writes and owns.</summary>
public sealed class PredictionEngineOptions
{
    public SchemaDefinition InputSchemaDefinition;
    public SchemaDefinition OutputSchemaDefinition;
    public bool IgnoreMissingColumns = true;
    public bool OwnsTransformer = true;

    public PredictionEngineOptions()
    {
    }
}

/// <summary>The base of prediction engines. Not for several threads.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly IDisposable _owned;
    private bool _disposed;

    private protected PredictionEngineBase(ITransformer transformer, PredictionEngineOptions options)
    {
        if (!transformer.IsRowToRowMapper)
            throw new ArgumentOutOfRangeException(nameof(transformer), "Must be a row to row mapper");
        _owned = options.OwnsTransformer ? transformer as IDisposable : null;
        var rowSchema = RowSchema.Create(typeof(TSrc), options.InputSchemaDefinition, SchemaDefinition.Direction.Read);
        var mapper = transformer.GetRowToRowMapper(rowSchema.Schema);
        OutputSchema = mapper.OutputSchema;
        var bound = RowSetters<TDst>.Bind(OutputSchema, options.OutputSchemaDefinition, options.IgnoreMissingColumns);
        Input = new ObjectRow(rowSchema);
        Output = mapper.GetRow(Input, bound.Select(b => b.Column));
        Setters = RowSetters<TDst>.Create([.. bound.Select(b => (b.Member, Output.Schema[b.Column.Index]))], Output);
    }

    public DataViewSchema OutputSchema { get; }

    private protected ObjectRow Input { get; }

    private protected DataViewRow Output { get; }

    private protected Action<TDst>[] Setters { get; }

    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Output.Dispose();
        _owned?.Dispose();
    }

    /// <summary>The object that is being asked about, as a row; each object is a new position.</summary>
    private protected sealed class ObjectRow : DataViewRow
    {
        private readonly CurrentRow<TSrc> _current = new();
        private readonly Delegate[] _getters;
        private long _position = -1;

        public ObjectRow(RowSchema rowSchema)
        {
            Schema = rowSchema.Schema;
            var getters = new RowGetters<TSrc>(_current);
            _getters = [.. rowSchema.Columns.Select(getters.Create)];
        }

        public override DataViewSchema Schema { get; }

        public override long Position => _position;

        public override long Batch => 0;

        public void Set(TSrc example)
        {
            ArgumentNullException.ThrowIfNull(example);
            _current.Value = example;
            _position++;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
            value = new DataViewRowId((ulong)_position, 0);

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Schema.CheckOwn(column);
            return true;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Schema.CheckOwn(column);
            return _getters[column.Index].As<TValue>(column);
        }
    }
}

/// <summary>Asks a model about one row at a time. Not for several threads.</summary>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    internal PredictionEngine(ITransformer transformer, PredictionEngineOptions options) : base(transformer, options)
    {
    }

    public override void Predict(TSrc example, ref TDst prediction)
    {
        Input.Set(example);
        prediction ??= new TDst();
        foreach (var set in Setters)
            set(prediction);
    }
}
