using System;

namespace Microsoft.ML.Data;

/// <summary>The exceptions for a column that is missing or of the wrong type.</summary>
internal static class SchemaMismatch
{
    public static Exception Missing(string parameter, string role, string column) =>
        new ArgumentOutOfRangeException(parameter, $"Could not find {role} column '{column}'");

    public static Exception WrongType(string parameter, string role, string column, string expected, string actual) =>
        new ArgumentOutOfRangeException(parameter, $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}");

    public static DataViewSchema.Column Require(this DataViewSchema schema, string column, string role = "input",
        string parameter = "inputSchema") =>
        schema.GetColumnOrNull(column) ?? throw Missing(parameter, role, column);

    public static SchemaShape.Column Require(this SchemaShape shape, string column, string role = "input",
        string parameter = "inputSchema") =>
        shape.TryFind(column, out var found) ? found : throw Missing(parameter, role, column);
}
