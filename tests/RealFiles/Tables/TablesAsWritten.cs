using System.Text;
using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Pipelines.Data.Formats.Tables;
using NoisyNN.Transforms.Entropy;

namespace NoisyNN.Tests.RealFiles.Tables;

/// <summary>Tables as people and programs write them, and what is read from them.</summary>
sealed class TablesAsWritten : IDisposable
{
    readonly TemporaryFolder _folder = new();

    /// <summary>What the last reading noted.</summary>
    public List<string> Notes { get; } = [];

    public string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();

    public string Save(string name, string text) => Save(name, Encoding.UTF8.GetBytes(text));

    public string Save(string name, byte[] content) => _folder.Write(name, content);

    /// <summary>The rows of a table as text, such as <c>1 2.5 | 3 4</c>.</summary>
    public string Rows(string text, TableOptions? options = null, string? labelColumn = null, string name = "table.csv") =>
        RowsOf(Save(name, text), options, labelColumn);

    public string RowsOf(string path, TableOptions? options = null, string? labelColumn = null)
    {
        Notes.Clear();
        var (rows, _) = VectorFile.Read(path, labelColumn, table: options, note: Notes.Add);
        return string.Join(
            " | ",
            Enumerable
                .Range(0, rows.RowCount)
                .Select(row => string.Join(' ', rows[row].ToArray().Select(value => FormattableString.Invariant($"{value}"))))
        );
    }

    /// <summary>The label of each row.</summary>
    public string Labels(string text, int rows, TableOptions? options = null, string name = "labels.csv") =>
        LabelsOf(Save(name, text), rows, options);

    public string LabelsOf(string path, int rows, TableOptions? options = null)
    {
        Notes.Clear();
        var classes = VectorFile.ReadLabels(path, rows, table: options, note: Notes.Add);
        return string.Join(' ', classes.Indexes.Select(index => classes.Names[index]));
    }

    public string RowsRefusal(string text, TableOptions? options = null, string? labelColumn = null) =>
        Refusal(() => Rows(text, options, labelColumn));

    public string LabelsRefusal(string text, int rows, TableOptions? options = null) => Refusal(() => Labels(text, rows, options));

    public static string Refusal(Action act) => Assert.ThrowsExactly<InvalidDataException>(act).Message;
}
