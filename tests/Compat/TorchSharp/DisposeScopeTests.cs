using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Compat.Torch;

[TestClass]
public class DisposeScopeTests
{
    [TestMethod]
    public void A_scope_disposes_what_was_made_in_it_and_nothing_else()
    {
        using var before = zeros(1);
        Tensor inside;
        using (NewDisposeScope())
        {
            inside = before + 1;
            Assert.IsFalse(inside.IsInvalid);
        }
        Assert.IsTrue(inside.IsInvalid);
        Assert.IsFalse(before.IsInvalid);
    }

    [TestMethod]
    public void A_moved_tensor_lives_until_the_outer_scope_ends()
    {
        Tensor moved;
        using (NewDisposeScope())
        {
            using (NewDisposeScope()) moved = zeros(1).MoveToOuterDisposeScope();
            Assert.IsFalse(moved.IsInvalid);
        }
        Assert.IsTrue(moved.IsInvalid);
    }

    [TestMethod]
    public void A_detached_tensor_outlives_all_scopes()
    {
        Tensor detached, moved;
        using (NewDisposeScope())
        using (NewDisposeScope())
        {
            detached = zeros(1).DetachFromDisposeScope();
        }
        using (NewDisposeScope()) moved = zeros(1).MoveToOuterDisposeScope();
        Assert.IsFalse(detached.IsInvalid);
        Assert.IsFalse(moved.IsInvalid);
        detached.Dispose();
        moved.Dispose();
    }

    [TestMethod]
    public void A_tensor_joins_the_scope_of_another_one()
    {
        using var outer = NewDisposeScope();
        var companion = zeros(1);
        Tensor joined;
        using (NewDisposeScope()) joined = zeros(1).MoveToOtherDisposeScope(companion);
        Assert.IsFalse(joined.IsInvalid);
        Assert.IsTrue(outer.Contains(joined));
    }

    [TestMethod]
    public void A_scope_counts_keeps_and_drops()
    {
        using var scope = NewDisposeScope();
        var keep = zeros(1);
        var drop = zeros(1);
        Assert.AreEqual(2, scope.DisposablesCount);
        scope.DisposeEverythingBut(keep);
        Assert.IsTrue(drop.IsInvalid);
        Assert.IsFalse(keep.IsInvalid);
        Assert.AreEqual(1, scope.DisposablesCount);
        keep.Dispose();
        Assert.AreEqual(0, scope.DisposablesCount);
    }

    [TestMethod]
    public void Statistics_balance_over_a_step()
    {
        var statistics = DisposeScopeManager.Statistics;
        var live = statistics.ThreadTotalLiveCount;
        using (NewDisposeScope())
        {
            var x = ones(3, requires_grad: true);
            x.exp().sum().backward();
            Assert.IsGreaterThan(live, statistics.ThreadTotalLiveCount);
        }
        Assert.AreEqual(live, statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void Scopes_belong_to_their_thread()
    {
        using var scope = NewDisposeScope();
        Tensor? elsewhere = null;
        var thread = new Thread(() => elsewhere = zeros(1));
        thread.Start();
        thread.Join();
        Assert.IsFalse(scope.Contains(elsewhere!));
        elsewhere!.Dispose();
    }
}
