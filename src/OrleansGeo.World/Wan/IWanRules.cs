namespace OrleansGeo.World.Wan;

/// <summary>The emulated outgoing half links of this region, in every silo of it.</summary>
internal interface IWanRules
{
    IReadOnlyList<WanRuleView> Get();

    void Set(WanRuleView rule);
}
