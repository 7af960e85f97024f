using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Computes columns by code of the user's: the members of one class are read, those of another become columns.</summary>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(IHostEnvironment env, Action<TSrc, TDst> mapAction, string contractName, SchemaDefinition input,
        SchemaDefinition output)
        : base(env.Register(nameof(CustomMappingEstimator<,>)),
            new CustomMappingTransformer<TSrc, TDst>(mapAction, contractName, input, output))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => Transformer.Members.GetOutputSchema(inputSchema);
}

/// <inheritdoc cref="CustomMappingEstimator{TSrc, TDst}"/>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly string _contractName;

    internal CustomMappingTransformer(Action<TSrc, TDst> mapAction, string contractName, SchemaDefinition input = null,
        SchemaDefinition output = null)
    {
        ArgumentNullException.ThrowIfNull(mapAction);
        _mapAction = mapAction;
        _contractName = contractName;
        Members = new CustomMappingMembers<TSrc, TDst>(input, output);
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
        return new MappedView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => CustomMappingContract.Save(ctx, _contractName, _mapAction.Method.DeclaringType);

    private RowMapping Bind(DataViewSchema schema) => new(new CustomMappingMapper<TSrc, TDst>(schema, Members, _ => _mapAction));
}

/// <summary>Makes the mapping of a model file again: a class with a public parameterless constructor and
/// <see cref="CustomMappingFactoryAttributeAttribute"/>.</summary>
public abstract class CustomMappingFactory<TSrc, TDst> : ICustomMappingFactory
    where TSrc : class, new()
    where TDst : class, new()
{
    protected CustomMappingFactory()
    {
    }

    public abstract Action<TSrc, TDst> GetMapping();

    ITransformer ICustomMappingFactory.CreateTransformer(string contractName) =>
        new CustomMappingTransformer<TSrc, TDst>(GetMapping(), contractName);
}
