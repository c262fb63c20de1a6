namespace Baker.Stack.Roles.GitLab;

/// <summary>The role's section, for those who know it.</summary>
public static class GitLabSection
{
    extension(Spec spec)
    {
        public GitLabSpec GitLab => (GitLabSpec)spec.Sections[GitLabRole.Itself.Name];
    }
}
