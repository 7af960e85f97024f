using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Tests.Cli;

[TestClass]
public sealed class InstallationTests
{
    [TestMethod]
    public void A_program_that_was_built_here_is_set_up_by_the_script_of_its_checkout()
    {
        Assert.IsTrue(Installation.IsCheckout(AppContext.BaseDirectory));
        Assert.AreEqual("Run './noisynn setup'.", Installation.Remedy);
    }

    [TestMethod]
    public void A_tool_lies_in_no_checkout()
    {
        using var tools = new TemporaryFolder();
        Assert.IsFalse(Installation.IsCheckout(tools["noisynn/0.1.0/tools/net10.0/linux-x64"]));
    }
}
