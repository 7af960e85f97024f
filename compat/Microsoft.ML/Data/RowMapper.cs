using System;
using System.Collections.Generic;

namespace Microsoft.ML.Data;

/// <summary>A transformation of rows bound to an input schema: the columns that it adds and how they are computed.</summary>
internal abstract class RowMapper(DataViewSchema inputSchema)
{
    public DataViewSchema InputSchema { get; } = inputSchema;

    public abstract IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; }

    /// <summary>The indices of the input columns that an output column is computed from.</summary>
    public abstract IEnumerable<int> GetDependencies(int output);

    /// <summary>The getter of one output column over an input row, with what must be called when the row is disposed of.</summary>
    protected abstract Delegate CreateGetter(DataViewRow input, int output, out Action disposer);

    /// <summary>The getters of the active output columns; null for the others.</summary>
    public virtual Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isActive, out Action disposer)
    {
        var getters = new Delegate[OutputColumns.Count];
        Action all = null;
        for (var i = 0; i < getters.Length; i++)
        {
            if (!isActive(i))
                continue;
            getters[i] = CreateGetter(input, i, out var one);
            all += one;
        }
        disposer = all;
        return getters;
    }
}
