using System.Text.RegularExpressions;
using System.Xml.Linq;
using NoisyNN.Pipelines.Reports.Charts;

namespace NoisyNN.Tests.Reports.Charts;

[TestClass]
public sealed class TensorDiagramTests
{
    static TensorDiagram.Tensor[] Outputs(int count) =>
        [.. Enumerable.Range(0, count).Select(index => new TensorDiagram.Tensor($"Output{index}", "float [N, 10]"))];

    [TestMethod]
    public void Inputs_are_left_of_the_file_and_outputs_right_each_with_type_and_shape()
    {
        var svg = XElement.Parse(new TensorDiagram("model.onnx", [new("Pixels", "float [N, 3, 28, 28]")], Outputs(3)).ToSvg());

        var boxes = svg.Elements("rect").Select(box => (double)box.Attribute("x")!).ToArray();
        Assert.HasCount(5, boxes, "an input, three outputs and the file");
        var file = (double)svg.Elements("rect").Single(box => (string?)box.Attribute("class") == "file").Attribute("x")!;
        Assert.HasCount(1, boxes.Where(left => left < file));
        Assert.HasCount(3, boxes.Where(left => left > file));
        Assert.HasCount(4, svg.Elements("path"));
        CollectionAssert.Contains(svg.Elements("text").Select(text => text.Value).ToArray(), "float [N, 3, 28, 28]");
        Assert.AreEqual(
            "model.onnx: Pixels float [N, 3, 28, 28] to Output0 float [N, 10], Output1 float [N, 10], Output2 float [N, 10]",
            (string)svg.Attribute("aria-label")!
        );
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(40)]
    public void No_box_leaves_the_drawing_or_covers_another_one(int outputs)
    {
        var svg = XElement.Parse(new TensorDiagram("model.onnx", [new("Pixels", "float [N, 3, 28, 28]")], Outputs(outputs)).ToSvg());
        var height = double.Parse(((string)svg.Attribute("viewBox")!).Split(' ')[3]);
        var tops = svg.Elements("rect")
            .Where(box => (double)box.Attribute("x")! > 400)
            .Select(box => (Top: (double)box.Attribute("y")!, Bottom: (double)box.Attribute("y")! + (double)box.Attribute("height")!))
            .ToArray();

        Assert.HasCount(Math.Min(outputs, 8), tops);
        Assert.IsGreaterThanOrEqualTo(0, tops.Min(box => box.Top));
        Assert.IsLessThanOrEqualTo(height, tops.Max(box => box.Bottom));
        foreach (var (above, below) in tops.Zip(tops.Skip(1)))
            Assert.IsGreaterThan(above.Bottom, below.Top);
    }

    [TestMethod]
    public void Names_of_others_are_encoded()
    {
        var svg = new TensorDiagram("a<b>.onnx", [new("x\"&y", "float [?]")], Outputs(1)).ToSvg();

        Assert.IsEmpty(Regex.Matches(svg, "<b>"));
        StringAssert.Contains(XElement.Parse(svg).Elements("title").Single().Value, "a<b>.onnx: x\"&y float [?]");
    }
}
