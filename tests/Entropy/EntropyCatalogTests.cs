using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Entropy.Measured;
using NoisyNN.Transforms.Noise.Gaussian;

namespace NoisyNN.Tests.Entropy;

/// <summary>Entropy of columns: <c>ml.Entropy.Measure</c>.</summary>
[TestClass]
public class EntropyCatalogTests
{
    sealed class Row
    {
        [VectorType(4)]
        public float[] Singles { get; set; } = [];

        [VectorType(4)]
        public double[] Doubles { get; set; } = [];

        public float[] AnySize { get; set; } = [];

        public float Number { get; set; }

        public double Measured { get; set; }

        public int Class { get; set; }

        public string Name { get; set; } = "";

        public bool IsFirst { get; set; }
    }

    static readonly MLContext Ml = new(seed: 1);

    static IDataView View(Action<Row, int>? change = null) =>
        Ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 12)
                .Select(i =>
                {
                    var row = new Row
                    {
                        Singles = [.. Reference.M[i].ToArray().Select(value => (float)value)],
                        Doubles = Reference.M[i].ToArray(),
                        AnySize = new float[1 + i % 2],
                        Number = i % 3,
                        Measured = i / 7.0,
                        Class = i % 3,
                        Name = $"class {i % 3}",
                        IsFirst = i == 0,
                    };
                    change?.Invoke(row, i);
                    return row;
                })
                .ToArray()
        );

    [TestMethod]
    [DataRow("Number")]
    [DataRow("Class")]
    [DataRow("Name")]
    [DataRow("Key")]
    public void Labels_of_any_type_give_the_reference_s_mutual_information(string label)
    {
        var data = Ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(View()).Transform(View());
        var report = Ml.Entropy.Measure(data, "Doubles", label, Reference.Sigma(1));

        Assert.AreEqual(1.6714271616, report.Dse, 5.1e-11);
        Assert.AreEqual(-0.0195495402, report.Dsmi!.Value, 5.1e-11);
        Assert.AreEqual(3, report.Classes.Count);
        if (label is "Name" or "Key")
            Assert.AreEqual("class 1", report.Classes[1].Name);
    }

    [TestMethod]
    public void A_report_says_what_decides_its_figures()
    {
        var report = Ml.Entropy.Measure(View(), "Singles");

        Assert.AreEqual("bits", report.Unit);
        Assert.AreEqual("median-distance", report.BandwidthRule);
        Assert.AreEqual(0.8888194417, report.Sigma!.Value, 1e-7);
        Assert.AreEqual(1.9092472647, report.Dse, 1e-6);
        Assert.AreEqual((12, 12, 4), (report.Rows, report.TotalRows, report.Dimension));
        Assert.IsNull(report.Dsmi);
    }

    [TestMethod]
    public void Floating_point_labels_with_fractions_are_divided_into_bins_and_the_report_says_so()
    {
        var report = Ml.Entropy.Measure(View(), "Doubles", "Measured", Reference.Sigma(1) with { Clusters = 3 });
        CollectionAssert.AreEqual(new[] { 4, 4, 4 }, report.Classes.Select(one => one.Rows).ToArray());
        StringAssert.Contains(report.Notes.Single(), "3 bins of equal width from 0 to 1.571");
    }

    [TestMethod]
    public void Notes_reach_the_context_s_log()
    {
        var ml = new MLContext(seed: 1);
        var lines = new List<string>();
        ml.Log += (_, message) => lines.Add(message.Message);
        ml.Entropy.Measure(View(), "Doubles", "IsFirst", Reference.Sigma(1));
        Assert.IsTrue(lines.Any(line => line.Contains("1 of 2 classes have one row", StringComparison.Ordinal)), string.Join('\n', lines));
    }

    [TestMethod]
    [DataRow("Nothing", null, "There is no column 'Nothing'; the data has Singles, Doubles")]
    [DataRow("Doubles", "Nothing", "There is no column 'Nothing'")]
    [DataRow("Name", null, "Column 'Name' is String; it must be a vector of Single or Double of known size")]
    [DataRow("AnySize", null, "it must be a vector of Single or Double of known size. State the size where the column is created")]
    [DataRow("Number", null, "Concatenate makes a vector")]
    [DataRow("Class", null, "Convert it with ConvertType and Concatenate")]
    [DataRow("Doubles", "AnySize", "Label column 'AnySize' is")]
    public void A_column_that_is_missing_or_of_another_type_is_named(string column, string? label, string message) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Ml.Entropy.Measure(View(), column, label)).Message, message);

    [TestMethod]
    [DataRow("AnySize", "State the size where the column is created")]
    [DataRow("Doubles", "Convert it with ConvertType")]
    [DataRow("Number", "Concatenate makes a vector")]
    public void A_column_that_cannot_take_noise_is_named_with_a_remedy(string column, string remedy)
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Entropy.Screen(View(), column, "Name")).Message,
            remedy
        );
        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Entropy.Change(new GaussianNoise(1), View(), column, "Name"))
                .Message,
            remedy
        );
    }

    [TestMethod]
    public void Values_and_labels_that_are_missing_are_named_with_their_row()
    {
        var nan = View((row, i) => row.Singles[2] = i == 7 ? float.NaN : 0);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Ml.Entropy.Measure(nan, "Singles")).Message,
            "Column 'Singles' is NaN at element 2 of row 7"
        );
        var unnamed = View((row, i) => row.Name = i == 3 ? "" : "a");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Ml.Entropy.Measure(unnamed, "Singles", "Name")).Message,
            "Label column 'Name' has no label in row 3"
        );
        var infinite = View((row, i) => row.Measured = i == 5 ? double.PositiveInfinity : i);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Ml.Entropy.Measure(infinite, "Singles", "Measured")).Message,
            "Label column 'Measured' is Infinity in row 5"
        );
        var empty = Ml.Data.LoadFromEnumerable(Array.Empty<Row>());
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Ml.Entropy.Measure(empty, "Singles")).Message,
            "Column 'Singles' has no rows"
        );
    }
}
