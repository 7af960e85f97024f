using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>A custom mapping with a state for each cursor, which sees the rows in the cursor's order.</summary>
public sealed class StatefulCustomMappingEstimator<TSrc, TDst, TState>
    : TrivialEstimator<StatefulCustomMappingTransformer<TSrc, TDst, TState>>
    where TSrc : class, new()
    where TDst : class, new()
    where TState : class, new()
{
    internal StatefulCustomMappingEstimator(IHostEnvironment env, Action<TSrc, TDst, TState> mapAction, Action<TState> stateInitAction,
        string contractName)
        : base(env.Register(nameof(StatefulCustomMappingEstimator<,,>)),
            new StatefulCustomMappingTransformer<TSrc, TDst, TState>(mapAction, stateInitAction, contractName))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => Transformer.Members.GetOutputSchema(inputSchema);
}

/// <inheritdoc cref="StatefulCustomMappingEstimator{TSrc, TDst, TState}"/>
public sealed class StatefulCustomMappingTransformer<TSrc, TDst, TState> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
    where TState : class, new()
{
    private readonly Action<TSrc, TDst, TState> _mapAction;
    private readonly Action<TState> _stateInitAction;
    private readonly string _contractName;

    internal StatefulCustomMappingTransformer(Action<TSrc, TDst, TState> mapAction, Action<TState> stateInitAction, string contractName)
    {
        ArgumentNullException.ThrowIfNull(mapAction);
        _mapAction = mapAction;
        _stateInitAction = stateInitAction;
        _contractName = contractName;
        Members = new CustomMappingMembers<TSrc, TDst>(null, null);
    }

    internal CustomMappingMembers<TSrc, TDst> Members { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema).OutputSchema;
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new OrderedView(new MappedView(input, Bind(input.Schema)));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => CustomMappingContract.Save(ctx, _contractName, _mapAction.Method.DeclaringType);

    private RowMapping Bind(DataViewSchema schema) => new(new CustomMappingMapper<TSrc, TDst>(schema, Members, _ =>
    {
        var state = new TState();
        _stateInitAction?.Invoke(state);
        return (source, destination) => _mapAction(source, destination, state);
    }));

    /// <summary>A view that is read in its order by one cursor at a time, so that the state sees every row.</summary>
    private sealed class OrderedView(IDataView view) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => view.Schema;

        public long? GetRowCount() => view.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
            view.GetRowCursor(columnsNeeded);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
            [view.GetRowCursor(columnsNeeded)];
    }
}

/// <summary>Makes the mapping and the state of a model file again.</summary>
public abstract class StatefulCustomMappingFactory<TSrc, TDst, TState> : ICustomMappingFactory
    where TSrc : class, new()
    where TDst : class, new()
    where TState : class, new()
{
    protected StatefulCustomMappingFactory()
    {
    }

    public abstract Action<TSrc, TDst, TState> GetMapping();

    public abstract Action<TState> GetStateInitAction();

    ITransformer ICustomMappingFactory.CreateTransformer(string contractName) =>
        new StatefulCustomMappingTransformer<TSrc, TDst, TState>(GetMapping(), GetStateInitAction(), contractName);
}
