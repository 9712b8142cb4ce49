namespace OrleansGeo.Tests.Infra.Rules;

/// <summary>Rules over the expanded template: what no later change may take away unnoticed.</summary>
[Collection(InfraCollection.Name)]
public sealed class RuleTests(CompiledInfra infra)
{
    public static TheoryData<string> Names => [.. Rule.All.Keys];

    [BicepTheory]
    [MemberData(nameof(Names))]
    public void A_rule_holds(string name)
    {
        foreach (var world in new[] { CompiledInfra.World, CompiledInfra.Witness })
        {
            var problems = Rule.All[name].Problems(new(infra[world])).ToList();
            Assert.True(problems.Count == 0, $"{name}; but {world}.bicepparam leads to:\n{string.Join('\n', problems)}");
        }
    }

    [BicepTheory]
    [MemberData(nameof(Names))]
    public void A_rule_notices_when_it_is_broken(string name)
    {
        var template = new ExpandedTemplate(infra[CompiledInfra.World]);
        Rule.All[name].Break(template);
        Assert.NotEmpty(Rule.All[name].Problems(template));
    }
}
