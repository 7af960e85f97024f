using System.Globalization;
using System.Text;
using NoisyNN.Pipelines.Data.Formats.Tables;

namespace NoisyNN.Tests.RealFiles.Tables;

/// <summary>
/// Thousands of random tables, written in random ways: each is read as it was meant, or with a note that names the option that decides, or
/// refused; and its
/// options read it in any case.
/// </summary>
[TestClass]
public sealed class TablesRightOrRefusedTests : IDisposable
{
    const int Count = 3000;

    readonly TablesAsWritten _tables = new();

    public void Dispose() => _tables.Dispose();

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void No_table_is_read_in_another_way_than_it_was_meant(int seed)
    {
        var random = new Random(seed);
        var (right, told, refused) = (0, 0, 0);
        for (var number = 0; number < Count; number++)
        {
            var table = Written.Draw(random);
            var path = _tables.Save("table.csv", table.Content);
            try
            {
                if (_tables.RowsOf(path) is var read && read == table.Meant)
                    right++;
                else
                    told += _tables.Notes.Exists(note =>
                        note.Contains("--header yes", StringComparison.Ordinal) || note.Contains("--index-column", StringComparison.Ordinal)
                    )
                        ? 1
                        : throw new AssertFailedException(
                            $"seed {seed}, table {number}, {table.Options}, is read as\n{read}\nnot\n{table.Meant}\nfrom\n{table.Text}"
                        );
            }
            catch (InvalidDataException refusal)
            {
                StringAssert.Contains(refusal.Message, "--", $"seed {seed}, table {number}, {table.Options}, from\n{table.Text}");
                refused++;
            }
            Assert.AreEqual(
                table.Meant,
                _tables.RowsOf(path, table.Options),
                $"seed {seed}, table {number}, with {table.Options}, from\n{table.Text}"
            );
        }
        Console.WriteLine($"seed {seed}: {right} right, {told} told, {refused} refused");
        // Most have one reading.
        Assert.IsGreaterThan(Count * 6 / 10, right);
        Assert.IsLessThan(Count / 20, told);
    }

    [TestMethod]
    public void No_label_is_given_to_another_row()
    {
        var random = new Random(1);
        var (right, refused) = (0, 0);
        for (var number = 0; number < Count; number++)
        {
            var (rows, isNumeric, surplus) = (random.Next(2, 12), random.Next(2) == 0, random.Next(-1, 2));
            var words = isNumeric ? (string[])["0", "1", "2"] : ["cat", "dog", "New York"];
            var labels = Enumerable.Range(0, rows + surplus).Select(_ => words[random.Next(3)]).ToList();
            var header = ((string?[])[null, null, "label", "0", "kind"])[random.Next(5)];
            // A label that is missing behind a number like the others cannot be found.
            if (surplus < 0 && header is not null && labels.Contains(header))
                continue;
            var text = string.Join('\n', header is null ? labels : [header, .. labels]) + "\n";
            try
            {
                var read = _tables.Labels(text, rows);
                Assert.IsTrue(
                    read == string.Join(' ', labels)
                        || _tables.Notes.Exists(note => note.Contains("--labels-header", StringComparison.Ordinal)),
                    $"table {number}: {rows} rows\n{text}"
                );
                right++;
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Console.WriteLine($"{right} right, {refused} refused");
        Assert.IsGreaterThan(Count / 4, right);
    }

    /// <summary>A table and what it means.</summary>
    sealed record Written(string Text, byte[] Content, string Meant, TableOptions Options)
    {
        public static Written Draw(Random random)
        {
            var (rows, columns) = (random.Next(1, 9), random.Next(1, 7));
            var separator = columns == 1 && random.Next(2) == 0 ? TableOptions.NoSeparator : ",;\t| "[random.Next(5)];
            var sign = separator != ',' && random.Next(3) == 0 ? ',' : '.';
            var style = random.Next(4);
            var values = Enumerable
                .Range(0, rows)
                .Select(_ => Enumerable.Range(0, columns).Select(_ => Value(random, style)).ToArray())
                .ToArray();
            var quote = separator == TableOptions.NoSeparator || random.Next(5) > 0 ? "" : "\"";
            var lines = values
                .Select(row => row.Select(value => $"{quote}{value.Replace(".", $"{sign}", StringComparison.Ordinal)}{quote}").ToList())
                .ToList();

            var header = random.Next(4) switch
            {
                0 => Enumerable.Range(0, columns).Select(column => $"x{column}").ToList(),
                1 => [.. Enumerable.Range(random.Next(2), columns).Select(column => column.ToString(CultureInfo.InvariantCulture))],
                2 => [.. Enumerable.Range(0, columns).Select(column => "αβγδεζ"[column].ToString())],
                _ => null,
            };
            // A single row of numbers has no index that anybody could see.
            var index = separator == TableOptions.NoSeparator || rows == 1 && header is null ? 0 : random.Next(4);
            if (index is 1 or 2)
            {
                var start = random.Next(2);
                for (var row = 0; row < rows; row++)
                    lines[row].Insert(0, index == 1 ? (row + start).ToString(CultureInfo.InvariantCulture) : $"r{row}");
                // Words without a name of the column are no index, and blanks cannot stand for a name.
                header ??= index == 2 ? [.. Enumerable.Range(0, columns).Select(column => $"x{column}")] : null;
                header?.Insert(
                    0,
                    separator == ' '
                        ? "id"
                        : random.Next(3) switch
                        {
                            0 => "",
                            1 => "Unnamed: 0",
                            _ => "id",
                        }
                );
            }
            if (separator == ' ' && index == 2)
                lines.ForEach(line => line[0] = $"\"{line[0]}\"");
            if (header is not null)
                lines.Insert(0, header);

            var trail = separator is not (' ' or TableOptions.NoSeparator) && random.Next(6) == 0 ? $"{separator}" : "";
            var end = ((string[])["\n", "\r\n", "\r"])[random.Next(3)];
            var text = string.Join(end, lines.Select(line => string.Join(separator, line) + trail)) + (random.Next(2) == 0 ? end : "");
            if (random.Next(5) == 0)
                text = $"# written by a test{end}{text}{end}{end}";
            Encoding encoding = random.Next(4) switch
            {
                0 => new UTF8Encoding(true),
                1 => new UnicodeEncoding(false, true),
                _ => new UTF8Encoding(false),
            };
            return new(
                text,
                [.. encoding.GetPreamble(), .. encoding.GetBytes(text)],
                string.Join(
                    " | ",
                    values.Select(row =>
                        string.Join(
                            ' ',
                            row.Select(value => FormattableString.Invariant($"{double.Parse(value, CultureInfo.InvariantCulture)}"))
                        )
                    )
                ),
                new()
                {
                    HasHeader = header is not null,
                    IndexColumn = index is 1 or 2 ? "number:1" : TableOptions.NoColumn,
                    Separator = separator,
                    DecimalSign = sign,
                }
            );
        }

        static string Value(Random random, int style) =>
            style switch
            {
                0 => random.Next(-3, 30).ToString(CultureInfo.InvariantCulture),
                1 => (random.NextDouble() * 4 - 2).ToString("R", CultureInfo.InvariantCulture),
                2 => (random.NextDouble() * 2000 - 1000).ToString("F3", CultureInfo.InvariantCulture),
                _ => random.Next(3) == 0 ? "0" : (random.NextDouble() * 10).ToString("F2", CultureInfo.InvariantCulture),
            };
    }
}
