std = "lua54"
max_line_length = 132
exclude_files = { "build", "types", "results", "lua_modules" }
files["spec"] = { std = "lua54+busted" }
files["*.rockspec"] = { std = "rockspec" }
files[".busted"] = { std = "lua54" }
