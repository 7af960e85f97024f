namespace NoisyNN.Pipelines.Data.Formats.Tables;

/// <summary>How to read a table of text whose lines allow two readings. The lines decide every property that is null.</summary>
public sealed record TableOptions
{
    /// <summary>The word that stands for no column.</summary>
    public const string NoColumn = "none";

    /// <summary>The name of the separator of tables whose lines are a single cell.</summary>
    public const char NoSeparator = '\0';

    /// <summary>Whether the first line has the columns' names.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>
    /// The column that only counts or names the rows, by name or number from 1; <see cref="NoColumn"/> if every column is data.
    /// </summary>
    public string? IndexColumn { get; init; }

    /// <summary>What separates cells: a comma, a semicolon, a tab, a bar, or a blank for any number of blanks.</summary>
    public char? Separator { get; init; }

    /// <summary>The decimal sign, a point or a comma. The other one then groups thousands.</summary>
    public char? DecimalSign { get; init; }

    /// <summary>Whether the table has only labels, for rows that are elsewhere.</summary>
    public bool IsOfLabels { get; init; }

    /// <summary>The option that decides about the header, for messages.</summary>
    internal string HeaderOption => IsOfLabels ? "--labels-header" : "--header";
}
