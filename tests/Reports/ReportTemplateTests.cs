using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Reports.Templates;

namespace NoisyNN.Tests.Reports;

[TestClass]
public sealed class ReportTemplateTests
{
    [TestMethod]
    public void A_name_that_the_model_lacks_is_an_error_and_no_empty_place() =>
        Assert.ThrowsExactly<InvalidOperationException>(() =>
            ReportTemplate.Render("experiment", new { Summary = new { Name = "without figures" } })
        );

    [TestMethod]
    [DataRow(0.97 - 0.88, "+9.00")]
    [DataRow(-0.27, "−27.00")]
    [DataRow(0.0, "0.00")]
    public void A_difference_of_fractions_is_written_in_points_with_its_sign(double fraction, string points) =>
        Assert.AreEqual(points, ReportFigures.Points(fraction));

    [TestMethod]
    [DataRow(9.5e-7, "9.5e-7")]
    [DataRow(3.2, "3.2e+0")]
    [DataRow(0.0, "0")]
    public void A_difference_of_logits_is_written_by_its_magnitude(double difference, string written) =>
        Assert.AreEqual(written, ReportFigures.Scientific(difference));
}
