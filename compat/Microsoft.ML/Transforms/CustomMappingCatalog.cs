using System;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Transforms by code of the user's.</summary>
public static class CustomMappingCatalog
{
    /// <param name="catalog">The catalog.</param>
    /// <param name="mapAction">Fills the second object from the first. It must not depend on other rows.</param>
    /// <param name="contractName">The contract under which a model file finds the mapping again; null makes it impossible to save.</param>
    /// <param name="inputSchemaDefinition">How columns become members of the first object.</param>
    /// <param name="outputSchemaDefinition">How members of the second object become columns.</param>
    public static CustomMappingEstimator<TSrc, TDst> CustomMapping<TSrc, TDst>(this TransformsCatalog catalog,
        Action<TSrc, TDst> mapAction, string contractName,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class, new()
        where TDst : class, new() =>
        new(catalog.Environment, mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition);

    /// <summary>A mapping with a state for each cursor.</summary>
    public static StatefulCustomMappingEstimator<TSrc, TDst, TState> StatefulCustomMapping<TSrc, TDst, TState>(
        this TransformsCatalog catalog, Action<TSrc, TDst, TState> mapAction, Action<TState> stateInitAction, string contractName)
        where TSrc : class, new()
        where TDst : class, new()
        where TState : class, new() =>
        new(catalog.Environment, mapAction, stateInitAction, contractName);

    /// <summary>Leaves out the rows for which the predicate is true.</summary>
    public static IDataView FilterByCustomPredicate<TSrc>(this DataOperationsCatalog catalog, IDataView input,
        Func<TSrc, bool> filterPredicate)
        where TSrc : class, new()
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(filterPredicate);
        var bound = RowSetters<TSrc>.Bind(input.Schema, null, ignoreMissingColumns: false);
        return new FilteredView(input, [.. System.Linq.Enumerable.Select(bound, b => b.Column)], row =>
        {
            var setters = RowSetters<TSrc>.Create(bound, row);
            var source = new TSrc();
            return () =>
            {
                foreach (var set in setters)
                    set(source);
                return !filterPredicate(source);
            };
        });
    }
}
